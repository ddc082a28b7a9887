using Culverin.Embed;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Host;

/// <summary>The program that executes one block (harness/guest/execute-block), in its first state.</summary>
internal static class BlockProgram
{
    /// <summary>
    /// The state versions that it is built for: that of the classic contracts, and the newest.
    /// </summary>
    public static StateVersion[] Versions { get; } =
        [StateVersion.SingleThreaded, StateVersion.MultiThreaded64V5];

    /// <summary>Makes a machine in its first state.</summary>
    public static IEngineMachine Load(StateVersion version, MachineOptions options)
    {
        using Stream content = typeof(BlockProgram).Assembly
            .GetManifestResourceStream($"guest/execute-block/version-{(byte)version}.bin.gz")
            ?? throw new InvalidOperationException(
                $"This build lacks the block program of version {(byte)version}.");
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return ManagedEngine.Instance.LoadState(bytes.ToArray(), options);
    }
}
