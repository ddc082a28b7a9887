using System;
using Culverin.X64;

namespace Culverin.Primitives;

/// <summary>
/// The Keccak permutation on four states side by side, as machine code written at run time: a portable native
/// executable is compiled for processors without AVX2, so its compiler cannot.
/// </summary>
/// <remarks>
/// A round reads one set of 25 lanes in memory and writes another. Its column effects, one row of chi and the
/// parities of the next round are in registers, which 16 just suffice for. Checked against the scalar
/// permutation before its first use.
/// </remarks>
internal sealed unsafe class KeccakKernel
{
    /// <summary>States side by side.</summary>
    public const int Width = 4;

    /// <summary>Bytes of the two sets of lanes that <see cref="Permute"/> works on.</summary>
    public const int BlockSizeBytes = 2 * SetSizeBytes;

    private const int CodeSizeBytes = 8192;
    private const int StateLanes = 25;
    private const int SideLanes = 5;
    private const int LaneBits = 64;
    private const int VectorSizeBytes = 32;
    private const int SetSizeBytes = StateLanes * VectorSizeBytes;
    private const int RoundPairs = 12;

    private const int FirstEffect = 0;
    private const int FirstOfRow = 5;
    private const int FirstParity = 10;
    private const VectorRegister Scratch = VectorRegister.Last;

    // The function's arguments, as C on Unix passes them: the first set of lanes, and the round constants.
    private const Register Lanes = Register.Rdi;
    private const Register Constants = Register.Rsi;
    private const Register Counter = Register.Rax;

    // SAFETY: the code memory is kept as long as the kernel, which is as long as the process.
    private readonly CodeMemory _memory;
    private readonly Assembler _code;
    private readonly delegate* unmanaged<ulong*, ulong*, void> _permute;

    private KeccakKernel(CodeMemory memory)
    {
        _memory = memory;
        _code = new Assembler(memory.Writable, memory.LengthBytes);
        WriteFunction();
        _permute = (delegate* unmanaged<ulong*, ulong*, void>)memory.Executable;
    }

    /// <summary>Writes the kernel, where processor and system allow it; null where not.</summary>
    public static KeccakKernel? TryCreate() =>
        HostProcessor.HasAvx2 && CodeMemory.TryCreate(CodeSizeBytes, out _) is { } memory
            ? new KeccakKernel(memory)
            : null;

    /// <summary>Permutes four states.</summary>
    /// <param name="lanes">
    /// <see cref="BlockSizeBytes"/> bytes: lane i of state k is element 4i + k; the second half is scratch.
    /// </param>
    /// <param name="constants">The 24 round constants.</param>
    public void Permute(ulong* lanes, ulong* constants)
    {
        _permute(lanes, constants);
        GC.KeepAlive(_memory);
    }

    // Lane (x, y) of the Keccak reference is lane x + 5y here.
    private static int LaneOf(int x, int y) => (x % SideLanes) + (SideLanes * (y % SideLanes));

    // Rotations of rho by lane: the walk (x, y) -> (y, 2x + 3y) from (1, 0), with triangular numbers.
    private static int[] Rotations()
    {
        int[] rotations = new int[StateLanes];
        int x = 1;
        int y = 0;
        for (int step = 0; step < StateLanes - 1; step++)
        {
            rotations[LaneOf(x, y)] = (step + 1) * (step + 2) / 2 % LaneBits;
            (x, y) = (y, ((2 * x) + (3 * y)) % SideLanes);
        }

        return rotations;
    }

    private static VectorRegister Effect(int x) => (VectorRegister)(FirstEffect + (x % SideLanes));

    private static VectorRegister OfRow(int x) => (VectorRegister)(FirstOfRow + (x % SideLanes));

    private static VectorRegister Parity(int x) => (VectorRegister)(FirstParity + (x % SideLanes));

    private static Operand LaneAt(int set, int lane) =>
        Operand.At(Lanes, (set * SetSizeBytes) + (lane * VectorSizeBytes));

    private void WriteFunction()
    {
        for (int x = 0; x < SideLanes; x++)
        {
            _code.VectorMov(Parity(x), LaneAt(0, LaneOf(x, 0)));
            for (int y = 1; y < SideLanes; y++)
            {
                _code.Vector(VectorOperation.Pxor, Parity(x), Parity(x), LaneAt(0, LaneOf(x, y)));
            }
        }

        int[] rotations = Rotations();
        _code.MovImmediate(Counter, RoundPairs);
        int loop = _code.Position;
        WriteRound(rotations, from: 0, to: 1);
        WriteRound(rotations, from: 1, to: 0);
        _code.AluImmediate(AluOperation.Add, OperandSize.Bits64, Constants, 2 * sizeof(ulong));
        _code.AluImmediate(AluOperation.Sub, OperandSize.Bits32, Counter, 1);
        _code.SetTarget(_code.Jcc(Condition.NotEqual), loop);
        _code.Vzeroupper();
        _code.Ret();
    }

    private void WriteRound(int[] rotations, int from, int to)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            // Theta's effect on a column: the left parity, and the right one rotated by one.
            VectorRegister right = Parity(x + 1);
            _code.VectorShiftRight(Effect(x), right, LaneBits - 1);
            _code.Vector(VectorOperation.Paddq, Scratch, right, Operand.Of(right));
            _code.Vector(VectorOperation.Por, Effect(x), Effect(x), Operand.Of(Scratch));
            _code.Vector(
                VectorOperation.Pxor, Effect(x), Effect(x), Operand.Of(Parity(x + SideLanes - 1)));
        }

        for (int y = 0; y < SideLanes; y++)
        {
            for (int x = 0; x < SideLanes; x++)
            {
                WriteRho(rotations, from, x, y);
            }

            for (int x = 0; x < SideLanes; x++)
            {
                WriteChi(to, x, y);
            }
        }
    }

    // The lane that pi moves to (x, y), with its effect and rotated.
    private void WriteRho(int[] rotations, int from, int x, int y)
    {
        int column = x + (3 * y);
        int lane = LaneOf(column, x);
        VectorRegister target = OfRow(x);
        _code.Vector(VectorOperation.Pxor, target, Effect(column), LaneAt(from, lane));
        int rotation = rotations[lane];
        if (rotation != 0)
        {
            _code.VectorShiftLeft(Scratch, target, rotation);
            _code.VectorShiftRight(target, target, LaneBits - rotation);
            _code.Vector(VectorOperation.Por, target, target, Operand.Of(Scratch));
        }
    }

    // Chi, iota, and the parity that the next round asks for.
    private void WriteChi(int to, int x, int y)
    {
        VectorRegister target = y == 0 ? Parity(x) : Scratch;
        _code.Vector(VectorOperation.Pandn, target, OfRow(x + 1), Operand.Of(OfRow(x + 2)));
        _code.Vector(VectorOperation.Pxor, target, target, Operand.Of(OfRow(x)));
        if (x == 0 && y == 0)
        {
            _code.VectorBroadcast(Scratch, Operand.At(Constants, to == 1 ? 0 : sizeof(ulong)));
            _code.Vector(VectorOperation.Pxor, target, target, Operand.Of(Scratch));
        }

        _code.VectorMovInto(LaneAt(to, LaneOf(x, y)), target);
        if (y != 0)
        {
            _code.Vector(VectorOperation.Pxor, Parity(x), Parity(x), Operand.Of(target));
        }
    }
}
