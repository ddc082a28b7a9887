using Culverin.State;

namespace Culverin.Execute;

/// <summary>Why a fast path came back.</summary>
internal enum FastPathStop
{
    /// <summary>The next step must be interpreted.</summary>
    SideExit,

    /// <summary>The budget is spent but for the last few steps.</summary>
    Budget,

    /// <summary>What comes next is executed so seldom that interpreting it is faster.</summary>
    Cold,
}

/// <summary>Executes ordinary steps faster than one by one.</summary>
internal interface IFastPath : ICodeObserver
{
    /// <summary>
    /// Executes at most so many steps of instructions from the state's program counter on, and brings the
    /// registers in the state's native block up to date; the step counters are the caller's business.
    /// </summary>
    /// <param name="budget">Steps to execute.</param>
    /// <param name="stop">Why it executed no more.</param>
    /// <returns>Steps executed.</returns>
    ulong Run(ulong budget, out FastPathStop stop);
}
