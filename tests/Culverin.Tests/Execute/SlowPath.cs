using Culverin.Run;

namespace Culverin.Tests.Execute;

/// <summary>The slow path, which is the specification.</summary>
internal static class SlowPath
{
    /// <summary>Executes step by step until the machine is at a step, or has exited.</summary>
    internal static void StepTo(Machine machine, ulong until)
    {
        while (machine.Step < until && !machine.Exited)
        {
            machine.ExecuteStep();
        }
    }
}
