using Culverin.Isa;
using Culverin.Reference;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Tests.Reference;

/// <summary>engine/ISA.md says what the bodies do, and the formulas read as intended.</summary>
public sealed class InstructionReferenceTests
{
    [Fact]
    public void CommittedReferenceIsFresh()
    {
        string path = Path.Combine(RepositoryFiles.Root, "engine", "ISA.md");
        string written = InstructionReference.Write();
        if (Environment.GetEnvironmentVariable("CULVERIN_UPDATE") == "1")
        {
            File.WriteAllText(path, written);
        }

        Assert.Equal(written, File.ReadAllText(path));
    }

    [Fact]
    public void FormulasAreReadable()
    {
        Assert.Equal("rd = sext32(rs + rt)", DescribingMachine.Describe<Addu>());
        Assert.Equal("rt = sext32(rs + imm)", DescribingMachine.Describe<Addiu>());
        Assert.Equal("rt = rs & zext(imm)", DescribingMachine.Describe<Andi>());
        Assert.Equal("rt = sext32(imm << 16)", DescribingMachine.Describe<Lui>());
        Assert.Equal("rd = sext32(rt << sa)", DescribingMachine.Describe<Sll>());
        Assert.Equal("rt = sext32(mem32[rs + imm])", DescribingMachine.Describe<Lw>());
        Assert.Equal("mem8[rs + imm] = rt", DescribingMachine.Describe<Sb>());
        Assert.Equal("if rs != rt: goto nextPC + 4*imm", DescribingMachine.Describe<Bne>());
        Assert.Equal("if rs <= 0: goto nextPC + 4*imm", DescribingMachine.Describe<Blez>());
        Assert.Equal("if rs >= 0: goto nextPC + 4*imm; r31 = pc + 8", DescribingMachine.Describe<Bgezal>());
        Assert.Equal("branch never taken", DescribingMachine.Describe<RegimmReserved>());
        Assert.Equal("goto region(nextPC) + 4*index; r31 = pc + 8", DescribingMachine.Describe<Jal>());
        Assert.Equal("rd = (rt == 0) ? rs : rd", DescribingMachine.Describe<Movz>());
        Assert.Equal("rd = rt << (sa + 32)", DescribingMachine.Describe<Dsll32>());
        Assert.Equal("rt = linked mem64[rs + imm]", DescribingMachine.Describe<Lld>());
        Assert.Equal("trap InvalidInstruction", DescribingMachine.Describe<Reserved>());
        Assert.Equal(
            "if zext32(rt) == 0: trap DivisionByZero; hi = rem32(rs, rt); lo = div32(rs, rt); rd = 0",
            DescribingMachine.Describe<Div>());
        Assert.Equal(
            "ea = rs + imm; n = (ea & 3) << 3; rt = sext32((rt & ~(0xffffffff << n)) | (mem32[ea] << n))",
            DescribingMachine.Describe<Lwl>());
    }

    [Fact]
    public void BodyThatReadsAfterItWroteIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => DescribingMachine.Describe<WritesTooEarly>());

    [Fact]
    public void BodyThatUsesTheValueOfAMarkerIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => DescribingMachine.Describe<UsesMarkerValue>());

    private readonly struct WritesTooEarly : IInstruction
    {
        public static InstructionRow Row => new("early", "111111 sssss ttttt ddddd ..... 000000");

        public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
            where TMachine : struct, IMachine<TValue>
        {
            m.Set(i.Rd, m.Get(i.Rs));
            m.Set(i.Rt, m.Get(i.Rd));
        }
    }

    private readonly struct UsesMarkerValue : IInstruction
    {
        public static InstructionRow Row => new("marker", "111111 sssss ttttt ddddd ..... 000000");

        public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
            where TMachine : struct, IMachine<TValue> =>
            m.Set(i.Rd, m.Add(m.Get(i.Rs), m.Constant(13)));
    }
}
