using Culverin.Files;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Harness.Tests.Host;

/// <summary>How a run of the fault-proof program ended.</summary>
internal sealed record GuestEnd(byte ExitCode, ulong Steps, IReadOnlyList<ulong> PreimageReads);

/// <summary>
/// The committed fault-proof program in the engine, as version 0: what the classic contracts decide by.
/// </summary>
internal static class Guest
{
    internal const byte Right = 0;
    internal const byte Wrong = 1;
    internal const byte Undecided = 2;

    internal static string Folder { get; } = Path.Combine(Repository.Folder, "harness", "guest");

    /// <summary>The file with its first state.</summary>
    internal static string PrestatePath { get; } = Path.Combine(Folder, "fault-proof", "version-0.bin.gz");

    internal static Bytes32 PrestateHash { get; } =
        Bytes32.Parse(File.ReadAllText(Path.Combine(Folder, "fault-proof", "version-0.hash")).Trim());

    /// <summary>A machine before the first step; it does not own the oracle.</summary>
    internal static Machine Start(IPreimageOracle oracle) => Machine.Create(
        StateFile.Read(PrestatePath), new MachineOptions { Oracle = oracle });

    internal static GuestEnd Run(IPreimageOracle oracle)
    {
        using Machine machine = Start(oracle);
        machine.Run(new RunLimits());
        return new GuestEnd(machine.ExitCode, machine.Step, []);
    }

    /// <summary>Runs and notes the steps that read pre-images.</summary>
    internal static GuestEnd RunWithReads(IPreimageOracle oracle)
    {
        using Machine machine = Start(oracle);
        List<ulong> reads = [];
        while (machine.Run(new RunLimits { StopAfterPreimageRead = true }) == StopReason.PreimageRead)
        {
            reads.Add(machine.Step - 1);
        }

        return new GuestEnd(machine.ExitCode, machine.Step, reads);
    }
}
