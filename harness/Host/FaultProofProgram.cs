using System.Buffers.Binary;
using System.IO.Compression;
using Culverin.Embed;
using Culverin.Harness.Values;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Host;

/// <summary>The fault-proof program that derives and executes an L2 (harness/guest/fault-proof).</summary>
internal static class FaultProofProgram
{
    /// <summary>
    /// The size in bytes of the program's room for a configuration, with mark and lengths before the two
    /// files (harness/guest/config/reserved).
    /// </summary>
    public const int RoomSizeBytes = 16384;

    private const int HeadSizeBytes = 32 + 4 + 4;

    /// <summary>
    /// The state versions that it is built for: that of the classic contracts, and the newest.
    /// </summary>
    public static StateVersion[] Versions { get; } =
        [StateVersion.SingleThreaded, StateVersion.MultiThreaded64V5];

    private static ReadOnlySpan<byte> Mark => "culverin: room for a rollup.json"u8;

    /// <summary>The hash of its first state, which games that it decides are made with.</summary>
    public static Bytes32 PrestateHash(StateVersion version)
    {
        using StreamReader text = new(Open($"version-{(byte)version}.hash"));
        return Bytes32.Parse(text.ReadToEnd().Trim());
    }

    /// <summary>Writes its first state into a folder and returns the file's path.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static string WritePrestate(StateVersion version, string folder)
    {
        string path = Path.Combine(folder, $"fault-proof-{(byte)version}.bin.gz");
        using IEngineMachine machine = Load(version, MachineOptions.Default);
        machine.Save(path);
        return path;
    }

    /// <summary>Makes a machine in its first state, which knows the chains that are built in.</summary>
    public static IEngineMachine Load(StateVersion version, MachineOptions options) =>
        ManagedEngine.Instance.LoadElf(Program(version), version, options);

    /// <summary>
    /// Makes a machine in the first state with a user's configuration: a rollup.json, and a genesis.json of
    /// its L1, or nothing where the program knows the L1. What they mean is for the program to judge.
    /// </summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: they are too long together.
    /// </exception>
    public static IEngineMachine Load(
        StateVersion version, MachineOptions options, ReadOnlySpan<byte> rollup, ReadOnlySpan<byte> l1)
    {
        if (rollup.Length + l1.Length > RoomSizeBytes - HeadSizeBytes)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded,
                $"The configuration has {rollup.Length + l1.Length} bytes without needless spaces; "
                + $"the program has room for {RoomSizeBytes - HeadSizeBytes}.");
        }

        byte[] program = Program(version);
        Span<byte> room = FindRoom(program)[Mark.Length..];
        BinaryPrimitives.WriteInt32BigEndian(room, rollup.Length);
        BinaryPrimitives.WriteInt32BigEndian(room[4..], l1.Length);
        rollup.CopyTo(room[8..]);
        l1.CopyTo(room[(8 + rollup.Length)..]);
        return ManagedEngine.Instance.LoadElf(program, version, options);
    }

    private static Span<byte> FindRoom(byte[] program)
    {
        int place = program.AsSpan().IndexOf(Mark);
        if (place < 0 || place != program.AsSpan().LastIndexOf(Mark))
        {
            throw new InvalidOperationException("The program has not one room for a configuration.");
        }

        return program.AsSpan(place, RoomSizeBytes);
    }

    private static byte[] Program(StateVersion version)
    {
        using Stream packed = Open($"version-{(byte)version}.elf.gz");
        using GZipStream content = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static Stream Open(string name) =>
        typeof(FaultProofProgram).Assembly.GetManifestResourceStream($"guest/fault-proof/{name}")
            ?? throw new InvalidOperationException($"This build lacks the file fault-proof/{name}.");
}
