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
    private const int RoundPairs = 11;

    private const int FirstEffect = 0;
    private const int FirstOfRow = 5;
    private const int FirstParity = 10;
    private const VectorRegister Scratch = VectorRegister.Last;

    // The function's arguments, as C on Unix passes them: the first set of lanes, and the round constants.
    private const Register Lanes = Register.Rdi;
    private const Register Constants = Register.Rsi;
    private const Register Counter = Register.Rax;

    /// <summary>Writes the function; its arguments are those of <see cref="KeccakKernel.Hash"/>.</summary>
    public static void Write(Assembler code)
    {
        for (int lane = 0; lane < SideLanes; lane++)
        {
            code.VectorMov(Parity(lane), LaneAt(0, lane));
        }

        for (int lane = SideLanes; lane < StateLanes; lane++)
        {
            if (KeccakKernel.IsGiven(lane))
            {
                VectorRegister parity = Parity(lane % SideLanes);
                code.Vector(VectorOperation.Pxor, parity, parity, LaneAt(0, lane));
            }
        }

        WriteRound(code, from: 0, constantOffset: 0, isFirst: true);
        code.MovImmediate(Counter, RoundPairs);
        int loop = code.Position;
        WriteRound(code, from: 1, sizeof(ulong), isFirst: false);
        WriteRound(code, from: 0, 2 * sizeof(ulong), isFirst: false);
        code.AluImmediate(AluOperation.Add, OperandSize.Bits64, Constants, 2 * sizeof(ulong));
        code.AluImmediate(AluOperation.Sub, OperandSize.Bits32, Counter, 1);
        code.SetTarget(code.Jcc(Condition.NotEqual), loop);
        WriteLastRound(code);
        code.Vzeroupper();
        code.Ret();
    }

    private static VectorRegister Effect(int x) => (VectorRegister)(FirstEffect + (x % SideLanes));

    private static VectorRegister OfRow(int x) => (VectorRegister)(FirstOfRow + (x % SideLanes));

    private static VectorRegister Parity(int x) => (VectorRegister)(FirstParity + (x % SideLanes));

    private static Operand LaneAt(int set, int lane) =>
        Operand.At(Lanes, (set * SetSizeBytes) + (lane * VectorSizeBytes));

    private static void WriteRound(Assembler code, int from, int constantOffset, bool isFirst)
    {
        int to = 1 - from;
        WriteEffects(code);
        for (int y = 0; y < SideLanes; y++)
        {
            WriteRow(code, from, y, isFirst);
            for (int x = 0; x < SideLanes; x++)
            {
                VectorRegister result = y == 0 ? Parity(x) : Scratch;
                WriteChi(code, result, x);
                if (x == 0 && y == 0)
                {
                    WriteIota(code, result, constantOffset);
                }

                code.VectorMovInto(LaneAt(to, KeccakRotations.LaneOf(x, y)), result);
                if (y != 0)
                {
                    code.Vector(VectorOperation.Pxor, Parity(x), Parity(x), Operand.Of(result));
                }
            }
        }
    }

    // Of the last round only the digest is wanted, which is in the first row.
    private static void WriteLastRound(Assembler code)
    {
        WriteEffects(code);
        WriteRow(code, from: 1, y: 0, isFirst: false);
        for (int x = 0; x < Keccak256.DigestLanes; x++)
        {
            WriteChi(code, Parity(x), x);
            if (x == 0)
            {
                WriteIota(code, Parity(x), sizeof(ulong));
            }

            code.VectorMovInto(LaneAt(0, x), Parity(x));
        }
    }

    // Theta's effect on a column: the left parity, and the right one rotated by one.
    private static void WriteEffects(Assembler code)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            VectorRegister right = Parity(x + 1);
            code.VectorShiftRight(Effect(x), right, LaneBits - 1);
            code.Vector(VectorOperation.Paddq, Scratch, right, Operand.Of(right));
            code.Vector(VectorOperation.Por, Effect(x), Effect(x), Operand.Of(Scratch));
            code.Vector(
                VectorOperation.Pxor, Effect(x), Effect(x), Operand.Of(Parity(x + SideLanes - 1)));
        }
    }

    // The lanes that pi moves to a row, with their effects and rotated.
    private static void WriteRow(Assembler code, int from, int y, bool isFirst)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            int column = x + (3 * y);
            int lane = KeccakRotations.LaneOf(column, x);
            VectorRegister source = Effect(column);
            VectorRegister target = OfRow(x);
            if (!isFirst || KeccakKernel.IsGiven(lane))
            {
                code.Vector(VectorOperation.Pxor, target, source, LaneAt(from, lane));
                source = target;
            }

            int rotation = KeccakRotations.Of(lane);
            if (rotation != 0)
            {
                code.VectorShiftLeft(Scratch, source, rotation);
                code.VectorShiftRight(target, source, LaneBits - rotation);
                code.Vector(VectorOperation.Por, target, target, Operand.Of(Scratch));
            }
        }
    }

    private static void WriteChi(Assembler code, VectorRegister target, int x)
    {
        code.Vector(VectorOperation.Pandn, target, OfRow(x + 1), Operand.Of(OfRow(x + 2)));
        code.Vector(VectorOperation.Pxor, target, target, Operand.Of(OfRow(x)));
    }

    private static void WriteIota(Assembler code, VectorRegister target, int constantOffset)
    {
        code.VectorBroadcast(Scratch, Operand.At(Constants, constantOffset));
        code.Vector(VectorOperation.Pxor, target, target, Operand.Of(Scratch));
    }
}
