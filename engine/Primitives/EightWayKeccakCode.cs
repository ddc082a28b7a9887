using Culverin.X64;

namespace Culverin.Primitives;

/// <summary>Eight states in 512-bit vectors: all 25 lanes stay in registers.</summary>
internal static class EightWayKeccakCode
{
    /// <summary>States side by side.</summary>
    public const int Width = 8;

    /// <summary>Bytes of the lanes that the code works on.</summary>
    public const int BlockSizeBytes = KeccakRotations.StateLanes * VectorSizeBytes;

    private const int SideLanes = KeccakRotations.SideLanes;
    private const int VectorSizeBytes = Width * sizeof(ulong);
    private const int Rounds = 24;

    // a xor b xor c, and a xor (not b and c).
    private const byte ParityTable = 0x96;
    private const byte ChiTable = 0xD2;
    private const byte ZeroTable = 0;

    // The function's arguments, as C on Unix passes them: the lanes, and the round constants.
    private const Register Lanes = Register.Rdi;
    private const Register Constants = Register.Rsi;
    private const Register Counter = Register.Rax;

    private const int FirstParity = KeccakRotations.StateLanes;
    private const WideVectorRegister Scratch = (WideVectorRegister)(FirstParity + SideLanes);
    private const WideVectorRegister Moved = Scratch + 1;

    /// <summary>Writes the function; its arguments are those of <see cref="KeccakKernel.Hash"/>.</summary>
    public static void Write(Assembler code)
    {
        for (int lane = 0; lane < KeccakRotations.StateLanes; lane++)
        {
            var register = (WideVectorRegister)lane;
            if (KeccakKernel.IsGiven(lane))
            {
                code.WideVectorMov(register, LaneInMemory(lane));
            }
            else
            {
                code.WideVectorTernary(register, register, register, ZeroTable);
            }
        }

        code.MovImmediate(Counter, Rounds);
        int loop = code.Position;
        WriteTheta(code);
        WriteRhoAndPi(code);
        WriteChi(code);
        code.WideVectorXorBroadcast(Lane(0, 0), Lane(0, 0), Operand.At(Constants, 0));
        code.AluImmediate(AluOperation.Add, OperandSize.Bits64, Constants, sizeof(ulong));
        code.AluImmediate(AluOperation.Sub, OperandSize.Bits32, Counter, 1);
        code.SetTarget(code.Jcc(Condition.NotEqual), loop);
        for (int lane = 0; lane < Keccak256.DigestLanes; lane++)
        {
            code.WideVectorMovInto(LaneInMemory(lane), (WideVectorRegister)lane);
        }

        code.Vzeroupper();
        code.Ret();
    }

    private static Operand LaneInMemory(int lane) => Operand.At(Lanes, lane * VectorSizeBytes);

    private static WideVectorRegister Lane(int x, int y) =>
        (WideVectorRegister)KeccakRotations.LaneOf(x, y);

    private static WideVectorRegister Parity(int x) => (WideVectorRegister)(FirstParity + (x % SideLanes));

    private static void WriteTheta(Assembler code)
    {
        for (int x = 0; x < SideLanes; x++)
        {
            code.WideVectorMov(Parity(x), Lane(x, 0));
            code.WideVectorTernary(Parity(x), Lane(x, 1), Lane(x, 2), ParityTable);
            code.WideVectorTernary(Parity(x), Lane(x, 3), Lane(x, 4), ParityTable);
        }

        for (int x = 0; x < SideLanes; x++)
        {
            code.WideVectorRotateLeft(Scratch, Parity(x + 1), 1);
            for (int y = 0; y < SideLanes; y++)
            {
                code.WideVectorTernary(Lane(x, y), Scratch, Parity(x + SideLanes - 1), ParityTable);
            }
        }
    }

    // Pi moves all lanes but the first round one circle: each to where the next was, which waits meanwhile.
    private static void WriteRhoAndPi(Assembler code)
    {
        int x = 1;
        int y = 0;
        WideVectorRegister waiting = Scratch;
        WideVectorRegister free = Moved;
        code.WideVectorMov(waiting, Lane(x, y));
        for (int step = 0; step < KeccakRotations.StateLanes - 1; step++)
        {
            int rotation = KeccakRotations.Of(KeccakRotations.LaneOf(x, y));
            (x, y) = (y, ((2 * x) + (3 * y)) % SideLanes);
            code.WideVectorMov(free, Lane(x, y));
            code.WideVectorRotateLeft(Lane(x, y), waiting, rotation);
            (waiting, free) = (free, waiting);
        }
    }

    // The first two lanes of a row are needed again when they have changed.
    private static void WriteChi(Assembler code)
    {
        for (int y = 0; y < SideLanes; y++)
        {
            WideVectorRegister first = Scratch;
            WideVectorRegister second = Moved;
            code.WideVectorMov(first, Lane(0, y));
            code.WideVectorMov(second, Lane(1, y));
            code.WideVectorTernary(Lane(0, y), Lane(1, y), Lane(2, y), ChiTable);
            code.WideVectorTernary(Lane(1, y), Lane(2, y), Lane(3, y), ChiTable);
            code.WideVectorTernary(Lane(2, y), Lane(3, y), Lane(4, y), ChiTable);
            code.WideVectorTernary(Lane(3, y), Lane(4, y), first, ChiTable);
            code.WideVectorTernary(Lane(4, y), first, second, ChiTable);
        }
    }
}
