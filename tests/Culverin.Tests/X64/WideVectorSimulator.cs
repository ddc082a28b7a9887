using System.Numerics;
using Iced.Intel;
using IcedRegister = Iced.Intel.Register;

namespace Culverin.Tests.X64;

/// <summary>
/// Carries out the few instructions of functions on 512-bit vectors that take two pointers: to vectors, which
/// it changes, and to 8-byte constants. Anything else is an <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed class WideVectorSimulator(ulong[] vectors, ulong[] constants)
{
    private const int Elements = 8;
    private const int VectorSizeBytes = Elements * sizeof(ulong);
    private const int RegisterCount = 32;
    private const ulong CodeAddress = 0x1000;

    private readonly ulong[][] _registers =
        [.. Enumerable.Range(0, RegisterCount).Select(_ => new ulong[Elements])];

    private long _constantsOffset;
    private long _counter;
    private bool _isZero;

    /// <summary>Runs code to its return.</summary>
    public void Run(byte[] code)
    {
        Dictionary<ulong, Instruction> instructions = [];
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code), CodeAddress);
        while (decoder.IP < CodeAddress + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            instructions.Add(instruction.IP, instruction);
        }

        ulong next = CodeAddress;
        while (instructions[next].Mnemonic != Mnemonic.Ret)
        {
            next = Execute(instructions[next]);
        }
    }

    // Returns where to go on.
    private ulong Execute(Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Vmovdqu64 when instruction.Op0Kind == OpKind.Memory:
                Vector(instruction, 1).CopyTo(Memory(instruction));
                break;
            case Mnemonic.Vmovdqu64:
                Memory(instruction).CopyTo(Vector(instruction, 0));
                break;
            case Mnemonic.Vmovdqa64:
                Vector(instruction, 1).CopyTo(Vector(instruction, 0).AsSpan());
                break;
            case Mnemonic.Vprolq:
                SetEach(instruction, element => BitOperations.RotateLeft(
                    Vector(instruction, 1)[element], instruction.Immediate8));
                break;
            case Mnemonic.Vpternlogq:
                SetEach(instruction, element => Look(
                    instruction.Immediate8,
                    Vector(instruction, 0)[element],
                    Vector(instruction, 1)[element],
                    Vector(instruction, 2)[element]));
                break;
            case Mnemonic.Vpxorq when instruction.IsBroadcast:
                SetEach(instruction, element => Vector(instruction, 1)[element] ^ Constant(instruction));
                break;
            case Mnemonic.Mov when instruction.Op0Register is IcedRegister.EAX or IcedRegister.RAX:
                _counter = (long)instruction.GetImmediate(1);
                break;
            case Mnemonic.Add when instruction.Op0Register == IcedRegister.RSI:
                _constantsOffset += (long)instruction.GetImmediate(1);
                break;
            case Mnemonic.Sub when instruction.Op0Register == IcedRegister.EAX:
                _counter -= (long)instruction.GetImmediate(1);
                _isZero = _counter == 0;
                break;
            case Mnemonic.Jne:
                return _isZero ? instruction.NextIP : instruction.NearBranchTarget;
            case Mnemonic.Vzeroupper:
                break;
            default:
                throw new InvalidOperationException($"{instruction} is not known here.");
        }

        return instruction.NextIP;
    }

    private void SetEach(Instruction instruction, Func<int, ulong> value)
    {
        ulong[] results = new ulong[Elements];
        for (int element = 0; element < Elements; element++)
        {
            results[element] = value(element);
        }

        results.CopyTo(Vector(instruction, 0).AsSpan());
    }

    private static ulong Look(byte table, ulong a, ulong b, ulong c)
    {
        ulong result = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            ulong row = (((a >> bit) & 1) << 2) | (((b >> bit) & 1) << 1) | ((c >> bit) & 1);
            result |= (((ulong)table >> (int)row) & 1) << bit;
        }

        return result;
    }

    private ulong[] Vector(Instruction instruction, int operand) =>
        _registers[instruction.GetOpRegister(operand) - IcedRegister.ZMM0];

    private Span<ulong> Memory(Instruction instruction)
    {
        Require(instruction, IcedRegister.RDI);
        int offset = (int)instruction.MemoryDisplacement64;
        return offset % VectorSizeBytes == 0
            ? vectors.AsSpan(offset / sizeof(ulong), Elements)
            : throw new InvalidOperationException($"{instruction} is between two vectors.");
    }

    private ulong Constant(Instruction instruction)
    {
        Require(instruction, IcedRegister.RSI);
        return constants[(_constantsOffset + (long)instruction.MemoryDisplacement64) / sizeof(ulong)];
    }

    private static void Require(Instruction instruction, IcedRegister start)
    {
        if (instruction.MemoryBase != start || instruction.MemoryIndex != IcedRegister.None)
        {
            throw new InvalidOperationException($"{instruction} is not about what {start} points to.");
        }
    }
}
