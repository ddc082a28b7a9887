using System.IO.Compression;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Embed;

/// <summary>
/// Programs that use every instruction, and how the reference says they end: if this build on this host ends
/// elsewhere, nothing it computes may be used.
/// </summary>
internal static class KnownAnswers
{
    private const ulong ProvenStep = 1000;

    private static readonly (string Name, StateVersion Version, ulong Steps, string FinalHash)[] Runs =
    [
        ("allinsn.elf.gz", StateVersion.SingleThreaded, 300_780,
            "0076609c52dc13979b560c6fc4e5078732e07219c9deac50e9c02f25f55c9b97"),
        ("allinsn.64.elf.gz", StateVersion.MultiThreaded64V5, 475_453,
            "00ba9a2bea7b8376965b27cc27b1384f8e1d25cdf2c317177084f7e383678021"),
    ];

    /// <summary>Runs them all on an engine.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.HostResource"/>.</exception>
    public static void Check(IEngine engine)
    {
        foreach ((string name, StateVersion version, ulong steps, string finalHash) in Runs)
        {
            using IEngineMachine machine = engine.LoadElf(Content(name), version, MachineOptions.Default);
            _ = machine.Run(new RunLimits { UntilStep = ProvenStep });
            StepProof proof = machine.Prove();
            engine.Verify(version, proof);
            Require(machine.StateHash().AsSpan().SequenceEqual(proof.PostHash), name);
            _ = machine.Run(new RunLimits());
            Require(machine.Describe() is { Exited: true, ExitCode: 0 } end && end.Step == steps, name);
            Require(Convert.ToHexStringLower(machine.StateHash()) == finalHash, name);
        }
    }

    private static void Require(bool holds, string name)
    {
        if (!holds)
        {
            throw new CulverinException(
                ErrorCode.HostResource, $"The self-test \"{name}\" does not end as the reference's did.");
        }
    }

    private static byte[] Content(string name)
    {
        using Stream compressed = typeof(KnownAnswers).Assembly.GetManifestResourceStream(name)
            ?? throw new CulverinException(
                ErrorCode.HostResource, $"The self-test's program \"{name}\" is not in this build.");
        using var unzip = new GZipStream(compressed, CompressionMode.Decompress);
        using var content = new MemoryStream();
        unzip.CopyTo(content);
        return content.ToArray();
    }
}
