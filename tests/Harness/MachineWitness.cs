using System;
using System.Buffers.Binary;

namespace Culverin.Harness.Tests;

/// <summary>A 226-byte witness of the single-threaded machine whose fields can be read and set.</summary>
internal sealed class MachineWitness
{
    internal const int PreimageKeyOffset = 32;
    internal const int PreimageOffsetOffset = 64;
    internal const int PcOffset = 68;
    internal const int NextPcOffset = 72;
    internal const int HeapOffset = 84;
    internal const int ExitCodeOffset = 88;
    internal const int ExitedOffset = 89;
    internal const int StepOffset = 90;
    internal const int RegistersOffset = 98;
    internal const int SizeBytes = 226;

    internal MachineWitness(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes.ToArray();
    }

    internal byte[] Bytes { get; }

    internal uint Pc => ReadWord(Bytes, PcOffset);

    internal static uint ReadWord(ReadOnlySpan<byte> bytes, uint offset) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)offset..]);

    internal uint Register(int number) => ReadWord(Bytes, (uint)(RegistersOffset + 4 * number));

    internal MachineWitness With(int offset, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(offset), value);
        return this;
    }

    internal MachineWitness WithByte(int offset, byte value)
    {
        Bytes[offset] = value;
        return this;
    }

    internal MachineWitness WithRegister(int number, uint value) => With(RegistersOffset + 4 * number, value);

    internal MachineWitness Copy() => new(Bytes);
}
