using System.Text.RegularExpressions;
using Culverin.Analyze;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Isa;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Inspect;

/// <summary>Words in assembly language; the expected texts are GNU objdump's with -M no-aliases.</summary>
public sealed partial class DisassemblerTests
{
    private const ulong Address = 0x0040_0100;

    [Theory]
    [InlineData(0x0000_0000u, "nop")]
    [InlineData(0x27BD_FFE8u, "addiu $sp, $sp, -24")]
    [InlineData(0x3C06_0040u, "lui $a2, 0x40")]
    [InlineData(0x34A5_0400u, "ori $a1, $a1, 0x400")]
    [InlineData(0x0080_1025u, "or $v0, $a0, $zero")]
    [InlineData(0x0002_1023u, "subu $v0, $zero, $v0")]
    [InlineData(0x0002_1080u, "sll $v0, $v0, 2")]
    [InlineData(0x0062_1004u, "sllv $v0, $v0, $v1")]
    [InlineData(0x00A4_0018u, "mult $a1, $a0")]
    [InlineData(0x0085_001Bu, "divu $a0, $a1")]
    [InlineData(0x7085_1002u, "mul $v0, $a0, $a1")]
    [InlineData(0x0000_1012u, "mflo $v0")]
    [InlineData(0x0080_0011u, "mthi $a0")]
    [InlineData(0x7080_1020u, "clz $v0, $a0")]
    [InlineData(0x8FBF_0014u, "lw $ra, 20($sp)")]
    [InlineData(0xAFBF_FFFCu, "sw $ra, -4($sp)")]
    [InlineData(0x8882_0000u, "lwl $v0, 0($a0)")]
    [InlineData(0xC082_0000u, "ll $v0, 0($a0)")]
    [InlineData(0x0C10_004Cu, "jal 0x400130")]
    [InlineData(0x10E0_0002u, "beq $a3, $zero, 0x40010c")]
    [InlineData(0x1000_FFFFu, "beq $zero, $zero, 0x400100")]
    [InlineData(0x1880_0003u, "blez $a0, 0x400110")]
    [InlineData(0x0411_0001u, "bgezal $zero, 0x400108")]
    [InlineData(0x03E0_0008u, "jr $ra")]
    [InlineData(0x0320_F809u, "jalr $ra, $t9")]
    [InlineData(0x0000_000Cu, "syscall")]
    [InlineData(0x0000_000Fu, "sync")]
    public void OrdinaryWordsReadAsAssemblersTakeThem(uint word, string text)
    {
        DisassembledInstruction instruction = Disassemble(word, StateVersion.MultiThreaded2);
        Assert.Equal(text, instruction.Text);
        Assert.Null(instruction.Effect);
        Assert.Equal(word, instruction.Bits);
    }

    [Theory]
    [InlineData(0x63BD_FFA8u, "daddi $sp, $sp, -88")]
    [InlineData(0xDFC1_0010u, "ld $at, 16($fp)")]
    [InlineData(0x0001_083Cu, "dsll32 $at, $at, 0")]
    [InlineData(0x0082_1014u, "dsllv $v0, $v0, $a0")]
    [InlineData(0x0085_001Du, "dmultu $a0, $a1")]
    [InlineData(0x0109_502Du, "daddu $a6, $a4, $a5")]
    [InlineData(0x018D_702Du, "daddu $t2, $t0, $t1")]
    public void WideWordsHaveTheNamesOfTheirConvention(uint word, string text) =>
        Assert.Equal(text, Disassemble(word, StateVersion.MultiThreaded64V5).Text);

    [Theory]
    [InlineData(0x0085_0034u, "teq $a0, $a1", FindingEffect.Panics)]
    [InlineData(0x0000_01F4u, "teq $zero, $zero", FindingEffect.Aborts)]
    [InlineData(0x5100_0001u, "beql $t0, $zero, 0x400108", FindingEffect.Panics)]
    [InlineData(0x0021_0902u, "rotr $at, $at, 4", FindingEffect.Misleads)]
    [InlineData(0x050C_0002u, "teqi $t0, 2", FindingEffect.Harmless)]
    [InlineData(0xC580_0004u, "lwc1 $f0, 4($t4)", FindingEffect.Panics)]
    [InlineData(0xCC82_0004u, "pref 2, 4($a0)", FindingEffect.Panics)]
    [InlineData(0x7C42_1A00u, "ext $v0, $v0, 8, 4", FindingEffect.Panics)]
    [InlineData(0x7C88_1084u, "ins $t0, $a0, 2, 1", FindingEffect.Panics)]
    [InlineData(0x7C63_E0C2u, "dextu $v1, $v1, 35, 29", FindingEffect.Panics)]
    [InlineData(0x7C83_F806u, "dinsu $v1, $a0, 32, 32", FindingEffect.Panics)]
    [InlineData(0x7C42_B801u, "dextm $v0, $v0, 0, 56", FindingEffect.Panics)]
    [InlineData(0x7C03_E83Bu, "rdhwr $v1, $29", FindingEffect.Panics)]
    [InlineData(0xEC00_0000u, ".word 0xec000000", FindingEffect.Panics)]
    [InlineData(0xDC82_0000u, "ld $v0, 0($a0)", FindingEffect.Panics)]
    internal void WhatTheVersionLacksIsToldWithTheManualsName(uint word, string text, FindingEffect effect)
    {
        DisassembledInstruction instruction = Disassemble(word, StateVersion.MultiThreaded2);
        Assert.Equal(text, instruction.Text);
        Assert.Equal(effect, instruction.Effect);
        Assert.NotEmpty(instruction.Explanation);
    }

    [Fact]
    public void AddressesWrapWithTheWord()
    {
        Assert.Equal("beq $zero, $zero, 0x0", new Disassembler(FeatureSet.Of(StateVersion.MultiThreaded2))
            .Disassemble(0xFFFF_FFFC, 0x1000_0000 | 0).Text);
        Assert.Equal(
            "j 0xffffffff80000000",
            new Disassembler(FeatureSet.Of(StateVersion.MultiThreaded64V5))
                .Disassemble(0xFFFF_FFFF_8000_0000, 0x0800_0000).Text);
    }

    // The operands that a row writes are those that its body uses.
    [Fact]
    public void OperandsAreThoseOfTheBodies()
    {
        var collector = new Collector([]);
        InstructionSet.VisitAll(ref collector);
        Assert.True(collector.Seen.Count > 90);
        foreach ((InstructionRow row, string formula) in collector.Seen)
        {
            HashSet<string> used =
            [
                .. Fields().Matches(formula).Select(match => match.Value)
                    .Select(field => field is "imm" or "index" ? "number" : field),
            ];
            HashSet<string> written =
            [
                .. Fields().Matches(row.Syntax).Select(match => match.Value)
                    .Select(field => field is "imm" or "uimm" or "target" ? "number" : field),
            ];
            if (written.Count > 0)
            {
                // Assemblers leave out rd where the result is in hi or lo; it is set to 0.
                used.ExceptWith(formula.Contains("rd = 0", StringComparison.Ordinal) ? ["rd"] : []);
                Assert.True(used.SetEquals(written), $"{row.Mnemonic}: {formula} written {row.Syntax}");
            }
        }
    }

    [Fact]
    public void EveryWordHasATextInEveryVersion()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        foreach (FeatureSet features in FeatureSet.All)
        {
            var disassembler = new Disassembler(features);
            for (int round = 0; round < 20_000; round++)
            {
                uint word = (uint)random.NextInt64(1L << 32);
                DisassembledInstruction instruction = disassembler.Disassemble(Address, word);
                Assert.True(instruction.Mnemonic.Length > 0, $"seed {Seed}: 0x{word:x8}");
                Assert.NotEqual("reserved", instruction.Mnemonic);
            }
        }
    }

    [Fact]
    public void ProgramsAreListedWithNamesAndSystemCalls()
    {
        ListedFunction[] functions =
        [
            .. CodeListing.OfProgram(
                OwnGuest.Read("chooser.elf"), FeatureSet.Of(StateVersion.MultiThreaded2)),
        ];
        ListedFunction start = Assert.Single(functions, function => function.Name == "__start");
        Assert.Contains(start.Instructions, listed => listed.Instruction.Mnemonic == "syscall");
        ListedInstruction[] calls =
        [
            .. CodeListing.OfProgram(
                OwnGuest.Read("callmkdir.64.go119.elf"), FeatureSet.Of(StateVersion.MultiThreaded64V5))
                .Single(function => function.Name == "syscall.Mkdirat").Instructions
                .Where(listed => listed.Syscall is not null),
        ];
        Assert.Equal("mkdirat", Assert.Single(calls).Syscall);
        Assert.Equal("syscall.Syscall", calls[0].TargetName);
    }

    [Fact]
    public void StatesAreListedFromAnyAddressToTheEndOfMemory()
    {
        ElfFile elf = OwnGuest.Read("greedy.elf");
        using MachineImage image = Loader.Load(elf, StateVersion.MultiThreaded2);
        var symbols = new SymbolTable(elf.Symbols);
        int pages = image.Memory.PageCount;
        ListedFunction[] first = [.. CodeListing.OfState(image, symbols, elf.EntryPoint, 4)];
        Assert.Equal("__start", first[0].Name);
        Assert.Equal(4, first.Sum(function => function.Instructions.Count()));
        ListedFunction last = Assert.Single(CodeListing.OfState(image, SymbolTable.Empty, 0xFFFF_FFF8, 100));
        Assert.Equal(["nop", "nop"], last.Instructions.Select(listed => listed.Instruction.Text));
        Assert.Equal(pages, image.Memory.PageCount);
    }

    [GeneratedRegex("\\b(rs|rt|rd|sa|imm|uimm|index|target)\\b")]
    private static partial Regex Fields();

    private static DisassembledInstruction Disassemble(uint word, StateVersion version) =>
        new Disassembler(FeatureSet.Of(version)).Disassemble(Address, word);

    private readonly struct Collector(List<(InstructionRow Row, string Formula)> seen) : IInstructionVisitor
    {
        public List<(InstructionRow Row, string Formula)> Seen => seen;

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction =>
            seen.Add((TInstruction.Row, DescribingMachine.Describe<TInstruction>()));
    }
}
