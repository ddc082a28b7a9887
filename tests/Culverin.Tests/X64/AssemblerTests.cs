using Culverin.X64;
using Iced.Intel;
using Xunit;
using Xunit.Abstractions;
using Assembler = Culverin.X64.Assembler;
using HostRegister = Culverin.X64.Register;
using IcedRegister = Iced.Intel.Register;

namespace Culverin.Tests.X64;

/// <summary>
/// Every form of every instruction that the assembler writes, with random registers, addresses and constants,
/// read back by an independent decoder.
/// </summary>
public sealed class AssemblerTests
{
    // Bases that wide vector instructions take: those that need no further byte.
    private static readonly HostRegister[] PlainBases =
        [.. Enum.GetValues<HostRegister>().Where(register => ((int)register & 7) != (int)HostRegister.Rsp)];

    private const int CaseCount = 3000;

    private static readonly OperandSize[] AllSizes = Enum.GetValues<OperandSize>();
    private static readonly OperandSize[] WideSizes = [OperandSize.Bits32, OperandSize.Bits64];
    private readonly Random _random;

    public AssemblerTests(ITestOutputHelper output)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        _random = new Random(seed);
    }

    [Fact]
    public void TwoOperandArithmeticIsWhatWasMeant() => Repeat(() =>
    {
        AluOperation operation = Pick(Enum.GetValues<AluOperation>());
        OperandSize size = Pick(AllSizes);
        HostRegister register = AnyRegister();
        Operand operand = AnyOperand();
        int value = AnyConstant(size);
        Mnemonic mnemonic = Enum.Parse<Mnemonic>(operation.ToString());
        EncodedInstruction.Check(
            mnemonic, a => a.Alu(operation, size, register, operand), Named(register, size), (operand, size));
        EncodedInstruction.Check(
            mnemonic,
            a => a.AluInto(operation, size, operand, register),
            (operand, size),
            Named(register, size));
        EncodedInstruction.Check(
            mnemonic,
            a => a.AluImmediate(operation, size, operand, value),
            (operand, size),
            (value, size));
    });

    [Fact]
    public void OtherArithmeticIsWhatWasMeant() => Repeat(() =>
    {
        OperandSize size = Pick(WideSizes);
        HostRegister register = AnyRegister();
        HostRegister second = AnyRegister();
        Operand operand = AnyOperand();
        int count = _random.Next(size == OperandSize.Bits32 ? 32 : 64);
        byte mask = (byte)_random.Next(128);
        UnaryOperation unary = Pick(Enum.GetValues<UnaryOperation>());
        ShiftOperation shift = Pick(Enum.GetValues<ShiftOperation>());
        EncodedInstruction.Check(
            Enum.Parse<Mnemonic>(unary.ToString()), a => a.Unary(unary, size, operand), (operand, size));
        EncodedInstruction.Check(
            Mnemonic.Imul, a => a.Imul(size, register, operand), Named(register, size), (operand, size));
        EncodedInstruction.Check(
            Mnemonic.Test, a => a.Test(size, operand, register), (operand, size), Named(register, size));
        EncodedInstruction.Check(
            Mnemonic.Test,
            a => a.TestByte(operand, mask),
            (operand, OperandSize.Bits8),
            ((int)mask, OperandSize.Bits8));
        EncodedInstruction.Check(
            Enum.Parse<Mnemonic>(shift.ToString()),
            a => a.ShiftImmediate(shift, size, operand, count),
            (operand, size),
            (count, OperandSize.Bits8));
        EncodedInstruction.Check(
            Enum.Parse<Mnemonic>(shift + "x"),
            a => a.Shift(shift, size, register, operand, second),
            Named(register, size),
            (operand, size),
            Named(second, size));
        EncodedInstruction.Check(
            Mnemonic.Andn,
            a => a.Andn(size, register, second, operand),
            Named(register, size),
            Named(second, size),
            (operand, size));
        EncodedInstruction.Check(
            Mnemonic.Lzcnt, a => a.Lzcnt(size, register, operand), Named(register, size), (operand, size));
    });

    [Fact]
    public void MovesAreWhatWasMeant() => Repeat(() =>
    {
        OperandSize size = Pick(AllSizes);
        HostRegister register = AnyRegister();
        Operand operand = AnyOperand();
        Operand memory = AnyMemory();
        int value = AnyConstant(size);
        EncodedInstruction.Check(
            Mnemonic.Mov, a => a.Mov(size, register, operand), Named(register, size), (operand, size));
        EncodedInstruction.Check(
            Mnemonic.Mov, a => a.MovInto(size, operand, register), (operand, size), Named(register, size));
        EncodedInstruction.Check(
            Mnemonic.Mov,
            a => a.MovImmediate(size, memory, value),
            (memory, size),
            (value, size));
        if (size != OperandSize.Bits8)
        {
            EncodedInstruction.Check(
                Mnemonic.Movbe, a => a.Movbe(size, register, memory), Named(register, size), (memory, size));
            EncodedInstruction.Check(
                Mnemonic.Movbe,
                a => a.MovbeInto(size, memory, register),
                (memory, size),
                Named(register, size));
        }

        CheckConstantMove(register);
    });

    [Fact]
    public void ConversionsAreWhatWasMeant() => Repeat(() =>
    {
        OperandSize size = Pick(WideSizes);
        HostRegister register = AnyRegister();
        Operand operand = AnyOperand();
        Operand memory = AnyMemory();
        OperandSize from = _random.Next(2) == 0 ? OperandSize.Bits8 : OperandSize.Bits16;
        Condition condition = Pick(Enum.GetValues<Condition>());
        EncodedInstruction.Check(
            Mnemonic.Movzx,
            a => a.MovZeroExtended(register, operand, from),
            Named(register, OperandSize.Bits32),
            (operand, from));
        EncodedInstruction.Check(
            Mnemonic.Movsx,
            a => a.MovSignExtended(size, register, operand, from),
            Named(register, size),
            (operand, from));
        EncodedInstruction.Check(
            Mnemonic.Movsxd,
            a => a.MovSignExtended(OperandSize.Bits64, register, operand, OperandSize.Bits32),
            Named(register, OperandSize.Bits64),
            (operand, OperandSize.Bits32));
        EncodedInstruction.Check(Mnemonic.Bswap, a => a.Bswap(size, register), Named(register, size));
        EncodedInstruction.Check(
            Mnemonic.Lea, a => a.Lea(size, register, memory), Named(register, size), (memory, size));
        Instruction move = EncodedInstruction.Decode(a => a.Cmov(condition, size, register, operand));
        Assert.Equal(CodeOf(condition), move.ConditionCode);
        Instruction set = EncodedInstruction.Decode(a => a.Setcc(condition, operand));
        Assert.Equal(CodeOf(condition), set.ConditionCode);
        Assert.True(operand.IsMemory || set.Op0Register == Named(operand.Register, OperandSize.Bits8));
    });

    [Fact]
    public void VectorInstructionsAreWhatWasMeant() => Repeat(() =>
    {
        VectorOperation operation = Pick(Enum.GetValues<VectorOperation>());
        VectorRegister target = AnyVector();
        VectorRegister first = AnyVector();
        VectorRegister second = AnyVector();
        Operand memory = AnyMemory();
        int count = _random.Next(64);
        IcedRegister named = EncodedInstruction.Named(target);
        Mnemonic mnemonic = Enum.Parse<Mnemonic>("V" + operation.ToString().ToLowerInvariant());
        EncodedInstruction.Check(
            mnemonic,
            a => a.Vector(operation, target, first, memory),
            named,
            EncodedInstruction.Named(first),
            (memory, OperandSize.Bits64));
        EncodedInstruction.Check(
            mnemonic,
            a => a.Vector(operation, target, first, Operand.Of(second)),
            named,
            EncodedInstruction.Named(first),
            EncodedInstruction.Named(second));
        EncodedInstruction.Check(
            Mnemonic.Vpsllq,
            a => a.VectorShiftLeft(target, first, count),
            named,
            EncodedInstruction.Named(first),
            (count, OperandSize.Bits8));
        EncodedInstruction.Check(
            Mnemonic.Vpsrlq,
            a => a.VectorShiftRight(target, first, count),
            named,
            EncodedInstruction.Named(first),
            (count, OperandSize.Bits8));
        EncodedInstruction.Check(
            Mnemonic.Vmovdqu, a => a.VectorMov(target, memory), named, (memory, OperandSize.Bits64));
        EncodedInstruction.Check(
            Mnemonic.Vmovdqu, a => a.VectorMovInto(memory, target), (memory, OperandSize.Bits64), named);
        EncodedInstruction.Check(
            Mnemonic.Vpbroadcastq,
            a => a.VectorBroadcast(target, memory),
            named,
            (memory, OperandSize.Bits64));
    });

    [Fact]
    public void WideVectorInstructionsAreWhatWasMeant() => Repeat(() =>
    {
        WideVectorRegister target = AnyWideVector();
        WideVectorRegister first = AnyWideVector();
        WideVectorRegister second = AnyWideVector();
        IcedRegister named = EncodedInstruction.Named(target);
        IcedRegister namedFirst = EncodedInstruction.Named(first);
        int constant = _random.Next(256);
        HostRegister start = Pick(PlainBases);
        Operand memory = Operand.At(start, AnyConstant(OperandSize.Bits32));
        EncodedInstruction.Check(
            Mnemonic.Vmovdqu64, a => a.WideVectorMov(target, memory), named, (memory, OperandSize.Bits64));
        EncodedInstruction.Check(
            Mnemonic.Vmovdqu64,
            a => a.WideVectorMovInto(memory, target),
            (memory, OperandSize.Bits64),
            named);
        EncodedInstruction.Check(
            Mnemonic.Vmovdqa64, a => a.WideVectorMov(target, first), named, namedFirst);
        EncodedInstruction.Check(
            Mnemonic.Vprolq,
            a => a.WideVectorRotateLeft(target, first, constant),
            named,
            namedFirst,
            (constant, OperandSize.Bits8));
        EncodedInstruction.Check(
            Mnemonic.Vpternlogq,
            a => a.WideVectorTernary(target, first, second, (byte)constant),
            named,
            namedFirst,
            EncodedInstruction.Named(second),
            (constant, OperandSize.Bits8));
        EncodedInstruction.Check(
            Mnemonic.Vpxorq,
            a => a.WideVectorXorBroadcast(target, first, memory),
            named,
            namedFirst,
            (memory, OperandSize.Bits64));
        Instruction broadcast =
            EncodedInstruction.Decode(a => a.WideVectorXorBroadcast(target, first, memory));
        Assert.True(broadcast.IsBroadcast);
        Assert.Throws<ArgumentException>(() => EncodedInstruction.Decode(
            a => a.WideVectorMov(target, Operand.At(HostRegister.Rsp, 0))));
    });

    [Fact]
    public void ControlTransfersAndTheRestAreWhatWasMeant() => Repeat(() =>
    {
        HostRegister register = AnyRegister();
        Operand operand = AnyOperand();
        IcedRegister named = Named(register, OperandSize.Bits64);
        EncodedInstruction.Check(Mnemonic.Push, a => a.Push(register), named);
        EncodedInstruction.Check(Mnemonic.Pop, a => a.Pop(register), named);
        EncodedInstruction.Check(
            Mnemonic.Jmp, a => a.JmpIndirect(operand), (operand, OperandSize.Bits64));
        EncodedInstruction.Check(Mnemonic.Ret, a => a.Ret());
        EncodedInstruction.Check(Mnemonic.Cqo, a => a.Cqo());
        EncodedInstruction.Check(Mnemonic.Vzeroupper, a => a.Vzeroupper());
        EncodedInstruction.Check(Mnemonic.Xgetbv, a => a.Xgetbv());
        int target = _random.Next(-1000, 1000);
        Condition condition = Pick(Enum.GetValues<Condition>());
        Instruction jump = EncodedInstruction.Decode(a => a.SetTarget(a.Jcc(condition), target));
        Assert.Equal(CodeOf(condition), jump.ConditionCode);
        Assert.Equal(0x10_0000 + target, (long)jump.NearBranchTarget);
        Instruction always = EncodedInstruction.Decode(a => a.JmpTo(target));
        Assert.Equal(Mnemonic.Jmp, always.Mnemonic);
        Assert.Equal(0x10_0000 + target, (long)always.NearBranchTarget);
    });

    [Fact]
    public void NegatedConditionsAreTheOpposite()
    {
        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            Assert.Equal(condition, condition.Negate().Negate());
            Assert.NotEqual(condition, condition.Negate());
        }
    }

    // SAFETY: the assembler never writes past the length it was given, which is what is tested.
    [Fact]
    public unsafe void AFullBufferIsAnErrorAndNotAnOverrun()
    {
        byte* buffer = stackalloc byte[8];
        buffer[4] = 0xEE;
        var assembler = new Assembler(buffer, 4);
        _ = Assert.Throws<InvalidOperationException>(() => assembler.MovImmediate(HostRegister.R9, 1));
        Assert.Equal(0xEE, buffer[4]);
    }

    private void CheckConstantMove(HostRegister register)
    {
        ulong constant = (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);
        constant = _random.Next(2) == 0 ? constant : ~constant;
        Instruction move = EncodedInstruction.Decode(a => a.MovImmediate(register, constant));
        Assert.Equal(Mnemonic.Mov, move.Mnemonic);
        Assert.Equal(Named(register, OperandSize.Bits64), move.Op0Register.GetFullRegister());
        ulong written = move.Op0Register.GetSize() == 4 ? (uint)move.GetImmediate(1) : move.GetImmediate(1);
        Assert.Equal(constant, written);
    }

    private static void Repeat(Action check)
    {
        for (int number = 0; number < CaseCount; number++)
        {
            check();
        }
    }

    private static IcedRegister Named(HostRegister register, OperandSize size) =>
        EncodedInstruction.Named(register, size);

    private static ConditionCode CodeOf(Condition condition) => condition switch
    {
        Condition.Below => ConditionCode.b,
        Condition.AboveOrEqual => ConditionCode.ae,
        Condition.Equal => ConditionCode.e,
        Condition.NotEqual => ConditionCode.ne,
        Condition.BelowOrEqual => ConditionCode.be,
        Condition.Above => ConditionCode.a,
        Condition.Sign => ConditionCode.s,
        Condition.NotSign => ConditionCode.ns,
        Condition.Less => ConditionCode.l,
        Condition.GreaterOrEqual => ConditionCode.ge,
        Condition.LessOrEqual => ConditionCode.le,
        _ => ConditionCode.g,
    };

    private T Pick<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    private HostRegister AnyRegister() => (HostRegister)_random.Next(16);

    private VectorRegister AnyVector() => (VectorRegister)_random.Next(16);

    private WideVectorRegister AnyWideVector() => (WideVectorRegister)_random.Next(32);

    private int AnyConstant(OperandSize size)
    {
        int value = _random.Next(int.MinValue, int.MaxValue) >> _random.Next(32);
        return size switch
        {
            OperandSize.Bits8 => (sbyte)value,
            OperandSize.Bits16 => (short)value,
            _ => value,
        };
    }

    private Operand AnyOperand() => _random.Next(2) == 0 ? AnyRegister() : AnyMemory();

    private Operand AnyMemory()
    {
        HostRegister start = AnyRegister();
        int displacement = _random.Next(3) switch
        {
            0 => 0,
            1 => _random.Next(-128, 128),
            _ => _random.Next(int.MinValue, int.MaxValue),
        };
        HostRegister[] indices =
            [.. Enum.GetValues<HostRegister>().Where(register => register != HostRegister.Rsp)];
        return _random.Next(2) == 0
            ? Operand.At(start, displacement)
            : Operand.At(start, Pick(indices), _random.Next(4), displacement);
    }
}
