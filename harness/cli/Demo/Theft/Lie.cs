using Culverin.Embed;
using Culverin.Harness.Host;
using Culverin.Harness.Values;
using Culverin.Inspect;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// A run of the fault-proof program that is right up to the load of its exit code, which it claims to have
/// read as 0 where memory holds 1, or the other way round. All after that follows from it.
/// </summary>
/// <param name="Step">Steps before that load.</param>
/// <param name="RunSteps">Steps of the whole run.</param>
/// <param name="Instruction">The load, as text.</param>
/// <param name="TrueCode">The exit code that memory holds.</param>
/// <param name="Hashes">The hashes of the states from after that load to the end.</param>
internal sealed record Lie(
    ulong Step, ulong RunSteps, string Instruction, uint TrueCode, IReadOnlyList<Bytes32> Hashes)
{
    // The load of the exit code is among the last instructions.
    private const ulong SearchedSteps = 64;
    private const int CodeRegister = 4;
    private static readonly RunLimits OneStep = new() { StepsMax = 1 };

    /// <summary>
    /// Makes the lie about a run. Throws <see cref="CulverinException"/> when the program does not load its
    /// exit code at the end.
    /// </summary>
    /// <param name="prestatePath">The program's first state.</param>
    /// <param name="oracle">Serves the run; it stays the caller's.</param>
    public static Lie Make(string prestatePath, IPreimageOracle oracle)
    {
        ulong steps;
        using (IEngineMachine whole = Start(prestatePath, oracle))
        {
            _ = whole.Run(new RunLimits());
            steps = whole.Step;
        }

        (ulong step, string text) = FindLoad(prestatePath, oracle, steps);
        using IEngineMachine machine = Start(prestatePath, oracle);
        _ = machine.Run(new RunLimits { UntilStep = step + 1 });
        uint code = FlipCode(machine);
        List<Bytes32> hashes = [new Bytes32(machine.StateHash())];
        while (!machine.Describe().Exited && machine.Step < steps + SearchedSteps)
        {
            _ = machine.Run(OneStep);
            hashes.Add(new Bytes32(machine.StateHash()));
        }

        return new Lie(step, steps, text, code, hashes);
    }

    private static IEngineMachine Start(string prestatePath, IPreimageOracle oracle) =>
        ManagedEngine.Instance.LoadState(prestatePath, CheckedSource.Connect(oracle));

    private static (ulong Step, string Text) FindLoad(
        string prestatePath, IPreimageOracle oracle, ulong steps)
    {
        using IEngineMachine machine = Start(prestatePath, oracle);
        MachineInspector inspector = new(machine);
        _ = machine.Run(new RunLimits { UntilStep = steps - ulong.Min(steps, SearchedSteps) });
        (ulong Step, string Text)? found = null;
        while (!machine.Describe().Exited)
        {
            string text = inspector.NextInstruction;
            if (text.StartsWith("lw $a0, ", StringComparison.Ordinal)
                && text.EndsWith("($sp)", StringComparison.Ordinal))
            {
                found = (machine.Step, text);
            }

            _ = machine.Run(OneStep);
        }

        return found ?? throw new CulverinException(
            ErrorCode.InvalidArgument, "The fault-proof program does not load its exit code at the end.");
    }

    private static uint FlipCode(IEngineMachine machine)
    {
        MachineInspector inspector = new(machine);
        ulong code = inspector.ReadRegister(CodeRegister);
        inspector.WriteRegister(CodeRegister, code ^ 1);
        return (uint)code;
    }
}
