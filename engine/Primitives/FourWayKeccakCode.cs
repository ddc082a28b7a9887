using Culverin.X64;

namespace Culverin.Primitives;

/// <summary>Four states in 256-bit vectors.</summary>
/// <remarks>
/// A round reads one set of 25 lanes in memory and writes another. Its column effects, one row of chi and the
/// parities of the next round are in registers, which 16 just suffice for.
/// </remarks>
internal static class FourWayKeccakCode
{
    /// <summary>States side by side.</summary>
    public const int Width = 4;

    /// <summary>Bytes of the two sets of lanes that the code works on; the second is scratch.</summary>
    public const int BlockSizeBytes = 2 * SetSizeBytes;

    private const int StateLanes = KeccakRotations.StateLanes;
    private const int SideLanes = KeccakRotations.SideLanes;
    private const int LaneBits = 64;
    private const int VectorSizeBytes = Width * sizeof(ulong);
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

    /// <summary>Writes the function; its arguments are those of <see cref="KeccakKernel.Permute"/>.</summary>
    public static void Write(Assembler code)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            code.VectorMov(Parity(x), LaneAt(0, KeccakRotations.LaneOf(x, 0)));
            for (int y = 1; y < SideLanes; y++)
            {
                Operand lane = LaneAt(0, KeccakRotations.LaneOf(x, y));
                code.Vector(VectorOperation.Pxor, Parity(x), Parity(x), lane);
            }
        }

        code.MovImmediate(Counter, RoundPairs);
        int loop = code.Position;
        WriteRound(code, from: 0, to: 1);
        WriteRound(code, from: 1, to: 0);
        code.AluImmediate(AluOperation.Add, OperandSize.Bits64, Constants, 2 * sizeof(ulong));
        code.AluImmediate(AluOperation.Sub, OperandSize.Bits32, Counter, 1);
        code.SetTarget(code.Jcc(Condition.NotEqual), loop);
        code.Vzeroupper();
        code.Ret();
    }

    private static VectorRegister Effect(int x) => (VectorRegister)(FirstEffect + (x % SideLanes));

    private static VectorRegister OfRow(int x) => (VectorRegister)(FirstOfRow + (x % SideLanes));

    private static VectorRegister Parity(int x) => (VectorRegister)(FirstParity + (x % SideLanes));

    private static Operand LaneAt(int set, int lane) =>
        Operand.At(Lanes, (set * SetSizeBytes) + (lane * VectorSizeBytes));

    private static void WriteRound(Assembler code, int from, int to)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            // Theta's effect on a column: the left parity, and the right one rotated by one.
            VectorRegister right = Parity(x + 1);
            code.VectorShiftRight(Effect(x), right, LaneBits - 1);
            code.Vector(VectorOperation.Paddq, Scratch, right, Operand.Of(right));
            code.Vector(VectorOperation.Por, Effect(x), Effect(x), Operand.Of(Scratch));
            code.Vector(
                VectorOperation.Pxor, Effect(x), Effect(x), Operand.Of(Parity(x + SideLanes - 1)));
        }

        for (int y = 0; y < SideLanes; y++)
        {
            for (int x = 0; x < SideLanes; x++)
            {
                WriteRho(code, from, x, y);
            }

            for (int x = 0; x < SideLanes; x++)
            {
                WriteChi(code, to, x, y);
            }
        }
    }

    // The lane that pi moves to (x, y), with its effect and rotated.
    private static void WriteRho(Assembler code, int from, int x, int y)
    {
        int column = x + (3 * y);
        int lane = KeccakRotations.LaneOf(column, x);
        VectorRegister target = OfRow(x);
        code.Vector(VectorOperation.Pxor, target, Effect(column), LaneAt(from, lane));
        int rotation = KeccakRotations.Of(lane);
        if (rotation != 0)
        {
            code.VectorShiftLeft(Scratch, target, rotation);
            code.VectorShiftRight(target, target, LaneBits - rotation);
            code.Vector(VectorOperation.Por, target, target, Operand.Of(Scratch));
        }
    }

    // Chi, iota, and the parity that the next round asks for.
    private static void WriteChi(Assembler code, int to, int x, int y)
    {
        VectorRegister target = y == 0 ? Parity(x) : Scratch;
        code.Vector(VectorOperation.Pandn, target, OfRow(x + 1), Operand.Of(OfRow(x + 2)));
        code.Vector(VectorOperation.Pxor, target, target, Operand.Of(OfRow(x)));
        if (x == 0 && y == 0)
        {
            code.VectorBroadcast(Scratch, Operand.At(Constants, to == 1 ? 0 : sizeof(ulong)));
            code.Vector(VectorOperation.Pxor, target, target, Operand.Of(Scratch));
        }

        code.VectorMovInto(LaneAt(to, KeccakRotations.LaneOf(x, y)), target);
        if (y != 0)
        {
            code.Vector(VectorOperation.Pxor, Parity(x), Parity(x), Operand.Of(target));
        }
    }
}
