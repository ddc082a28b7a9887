using Culverin.State;

namespace Culverin.Execute;

/// <summary>Executes ordinary steps faster than one by one.</summary>
internal interface IFastPath : ICodeObserver
{
    /// <summary>
    /// Executes at most so many steps of instructions from the state's program counter on, and brings the
    /// registers in the state's native block up to date; the step counters are the caller's business.
    /// </summary>
    /// <param name="budget">Steps to execute.</param>
    /// <param name="isOdd">
    /// Whether it stopped because the next step is not ordinary; else only the last few steps of the budget
    /// are left.
    /// </param>
    /// <returns>Steps executed.</returns>
    ulong Run(ulong budget, out bool isOdd);
}
