using Culverin.Analyze;
using Culverin.Guest;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Analyze;

/// <summary>Findings and verdicts on small programs made for the purpose.</summary>
public sealed class GuestAnalyzerTests
{
    private const int NumberRegister = 2;
    private const int SecondArgument = 5;
    private const int ExitGroup = 4246;
    private const int Write = 4004;

    private static readonly uint[] Exit = [Code.Put(NumberRegister, ExitGroup), Code.SystemCall, Code.Nop];

    [Fact]
    public void OrdinaryProgramRuns()
    {
        AnalysisReport report = Analyze(new ElfBuilder().Function("_start", Exit));
        Assert.Equal(Verdict.Runs, report.Verdict);
        Assert.NotEmpty(report.Reasons);
        Assert.Empty(report.Instructions);
        SyscallFinding call = Assert.Single(report.Syscalls);
        Assert.Equal((ulong?)ExitGroup, call.Number);
        Assert.Equal("exit_group", call.Name);
        Assert.Equal(FindingEffect.Served, call.Effect);
        Assert.Equal(new CodePlace(ElfBuilder.CodeStart + 4, "_start", CodeReach.Direct), call.Places[0]);
        Assert.Equal(1, report.FunctionCount);
        Assert.Equal(3, report.InstructionCount);
        Assert.Null(report.GoVersion);
    }

    [Theory]
    [InlineData(Code.AddSingle, "add.fmt")]
    [InlineData(Code.LoadToFloat, "lwc1")]
    [InlineData(Code.Beql, "beql")]
    [InlineData(Code.ExtractBits, "ext")]
    [InlineData(Code.TrapIfEqualZero, "teq")]
    [InlineData(0x7800_0000u, "msa")]
    [InlineData(0xEC00_0000u, "primary 0x3b")]
    [InlineData(0x0000_0005u, "special 0x05")]
    public void MissingInstructionInReachedCodeMayPanic(uint word, string name)
    {
        ElfBuilder program = new ElfBuilder()
            .Function("_start", [Code.Call(ElfBuilder.CodeStart + 20), Code.Nop, .. Exit])
            .Function("compute", word, Code.Return, word);
        foreach (FeatureSet features in FeatureSet.All.Where(set => set.WordBits == 32))
        {
            AnalysisReport report = GuestAnalyzer.Analyze(ElfFile.Parse(program.Build()), features);
            Assert.Equal(Verdict.MayPanic, report.Verdict);
            InstructionFinding finding = Assert.Single(report.Instructions);
            Assert.Equal(name, finding.Name);
            Assert.Equal(FindingEffect.Panics, finding.Effect);
            Assert.Equal(2, finding.Count);
            Assert.Equal(CodeReach.Direct, finding.Reach);
            Assert.Equal("compute", finding.Places[0].Function);
            Assert.Contains(report.Reasons, reason => reason.Contains(name, System.StringComparison.Ordinal));
        }
    }

    [Fact]
    public void MissingInstructionBeforeTheFirstBranchCannotRun()
    {
        AnalysisReport report = Analyze(
            new ElfBuilder().Function("_start", [Code.Nop, Code.AddSingle, .. Exit]));
        Assert.Equal(Verdict.CannotRun, report.Verdict);
    }

    [Fact]
    public void MissingInstructionInDeadCodeIsOnlyACaution()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [.. Exit, Code.Return, Code.Nop])
            .Function("dead", Code.Beql, Code.Return, Code.Nop));
        Assert.Equal(Verdict.Runs, report.Verdict);
        Assert.Equal(CodeReach.NotSeen, Assert.Single(report.Instructions).Reach);
    }

    [Fact]
    public void FunctionPointersInDataAndCodeAreFollowed()
    {
        uint second = ElfBuilder.CodeStart + 28;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function(
                "_start",
                [Code.LoadUpper(8, second), Code.AddLower(8, second), .. Exit, Code.Return, Code.Nop])
            .Function("second", Code.Beql, Code.Return, Code.Nop)
            .Function("third", Code.Break, Code.Return, Code.Nop)
            .Data("table", second + 12));
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        Assert.Equal(CodeReach.Indirect, report.Instructions.Single(finding => finding.Name == "beql").Reach);
        Assert.Equal(
            CodeReach.Indirect, report.Instructions.Single(finding => finding.Name == "break").Reach);
    }

    [Fact]
    public void WordsOutsideOfFunctionsAreNotCode()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", Exit)
            .Between(Code.AddSingle, Code.Beql)
            .Function("next", Code.Return, Code.Nop));
        Assert.Empty(report.Instructions);
    }

    [Fact]
    public void WithoutFunctionSymbolsSegmentsAreReadWhole()
    {
        AnalysisReport report = Analyze(new ElfBuilder { HasFunctionSymbols = false, HasCodeSection = false }
            .Function("_start", [.. Exit, Code.Return, Code.Beql])
            .Data("something", 1));
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        Assert.Equal(0, report.FunctionCount);
        Assert.Contains(report.Cautions, reason => reason.Contains(
            "no function symbols", System.StringComparison.Ordinal));
    }

    [Fact]
    public void DeliberateAbortsDoNotCount()
    {
        AnalysisReport report = Analyze(
            new ElfBuilder().Function("_start", [.. Exit, Code.TrapAlways, Code.Break, Code.Break]));
        Assert.Equal(Verdict.Runs, report.Verdict);
        Assert.Equal(["break", "teq"], report.Instructions.Select(finding => finding.Name));
        Assert.All(report.Instructions, finding => Assert.Equal(FindingEffect.Aborts, finding.Effect));
    }

    [Fact]
    public void InstructionsThatRunAsOthersMislead()
    {
        ElfBuilder program = new ElfBuilder().Function(
            "_start",
            [.. Exit, Code.BranchAndLink, Code.Nop, Code.RotateRight, Code.TrapIfEqualImmediate, Code.Nop]);
        AnalysisReport old = Analyze(program, StateVersion.SingleThreaded);
        Assert.Equal(Verdict.MayPanic, old.Verdict);
        Assert.Equal(
            [
                ("bgezal", FindingEffect.Misleads),
                ("rotr", FindingEffect.Misleads),
                ("teqi", FindingEffect.Harmless),
            ],
            old.Instructions.Select(finding => (finding.Name, finding.Effect)));
        Assert.Equal(
            ["rotr", "teqi"],
            Analyze(program, StateVersion.SingleThreaded2).Instructions.Select(finding => finding.Name));
    }

    [Fact]
    public void SystemCallNumbersAreReadOffTheCode()
    {
        AnalysisReport report = Analyze(new ElfBuilder().Function(
            "_start",
            [
                Code.PutByOr(NumberRegister, Write), Code.Put(SecondArgument, 3), Code.SystemCall,
                Code.SystemCall,
                Code.LoadFromStack(NumberRegister), Code.SystemCall,
                Code.Put(NumberRegister, 4091), Code.SystemCall,
                Code.Put(NumberRegister, 4005), Code.SystemCall,
                Code.Put(NumberRegister, 4777), Code.SystemCall,
                .. Exit,
            ]));
        Assert.Equal(
            [
                ((ulong?)4005, "open", FindingEffect.Misleads, 1),
                (4777, "unknown", FindingEffect.Misleads, 1),
                (null, "unknown", FindingEffect.NumberUnknown, 2),
                (4091, "munmap", FindingEffect.AnsweredZero, 1),
                (4004, "write", FindingEffect.Served, 1),
                (4246, "exit_group", FindingEffect.Served, 1),
            ],
            report.Syscalls.Select(call => (call.Number, call.Name, call.Effect, call.Count)));
        Assert.Equal(Verdict.MayPanic, report.Verdict);
    }

    [Fact]
    public void SystemCallsUnknownToAVersionWithThreadsPanic()
    {
        ElfBuilder program = new ElfBuilder().Function(
            "_start",
            [
                Code.Put(NumberRegister, 4037), Code.SystemCall,
                Code.Put(NumberRegister, 4777), Code.SystemCall,
                Code.Put(NumberRegister, 4222), Code.SystemCall,
                Code.Put(NumberRegister, 4106), Code.SystemCall,
                .. Exit,
            ]);
        AnalysisReport report = Analyze(program, StateVersion.MultiThreaded2);
        Assert.Equal(
            [
                ((ulong?)4037, "kill", FindingEffect.PanicsAsUnknownSyscall),
                (4777, "unknown", FindingEffect.PanicsAsUnknownSyscall),
                (4106, "stat", FindingEffect.Misleads),
                (4222, "gettid", FindingEffect.Served),
                (4246, "exit_group", FindingEffect.Served),
            ],
            report.Syscalls.Select(call => (call.Number, call.Name, call.Effect)));
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        Assert.Contains(
            report.Reasons, reason => reason.Contains("call 4777 ", System.StringComparison.Ordinal));
    }

    [Fact]
    public void TheOldestVersionIsTheFirstThatLacksNothing()
    {
        ElfBuilder plain = new ElfBuilder().Function("_start", Exit);
        Assert.Equal(StateVersion.SingleThreaded, Oldest(plain));
        ElfBuilder linking = new ElfBuilder().Function("_start", [.. Exit, Code.BranchAndLink, Code.Nop]);
        Assert.Equal(StateVersion.MultiThreaded, Oldest(linking));
        ElfBuilder broken = new ElfBuilder().Function("_start", [.. Exit, Code.Beql]);
        Assert.Null(Oldest(broken));
    }

    [Fact]
    public void NumbersAreForgottenWhereOtherCodeJoinsIn()
    {
        // beq $8, $9, over; li $2; over: syscall
        AnalysisReport report = Analyze(new ElfBuilder().Function(
            "_start", [0x1109_0002, Code.Nop, Code.Put(NumberRegister, Write), Code.SystemCall, .. Exit]));
        Assert.Contains(report.Syscalls, call => call.Effect == FindingEffect.NumberUnknown);
    }

    [Fact]
    public void DescriptorFlagsDifferByVersion()
    {
        ElfBuilder program = new ElfBuilder().Function(
            "_start",
            [Code.Put(SecondArgument, 1), Code.Put(NumberRegister, 4055), Code.SystemCall, .. Exit]);
        AnalysisReport old = Analyze(program, StateVersion.SingleThreaded);
        Assert.Equal("fcntl(F_GETFD)", old.Syscalls[0].Name);
        Assert.Equal(Verdict.MayPanic, old.Verdict);
        Assert.Equal(Verdict.Runs, Analyze(program, StateVersion.SingleThreaded2).Verdict);
    }

    [Theory]
    [InlineData("go1.19.8", Verdict.Runs, Verdict.Runs)]
    [InlineData("go1.21.13", Verdict.Runs, Verdict.Runs)]
    [InlineData("go1.22rc1", Verdict.CannotRun, Verdict.Runs)]
    [InlineData("go1.23.4", Verdict.CannotRun, Verdict.MayPanic)]
    [InlineData("devel +a1b2c3", Verdict.Runs, Verdict.Runs)]
    internal void GoReleaseDecides(string version, Verdict old, Verdict second)
    {
        ElfBuilder program = new ElfBuilder().Function("_start", Exit).Text("runtime.buildVersion", version);
        Assert.Equal(version, Analyze(program).GoVersion);
        Assert.Equal(old, Analyze(program, StateVersion.SingleThreaded).Verdict);
        Assert.Equal(second, Analyze(program, StateVersion.SingleThreaded2).Verdict);
    }

    [Fact]
    public void PatchedFunctionsAreSkipped()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [Code.Call(ElfBuilder.CodeStart + 20), Code.Nop, .. Exit])
            .Function("runtime.check", Code.AddSingle, Code.Return, Code.Nop));
        Assert.Equal(Verdict.Runs, report.Verdict);
        Assert.Empty(report.Instructions);
    }

    [Theory]
    [InlineData(ElfBuilder.CodeStart + 2)]
    [InlineData(0x0200_0000u)]
    public void EntryPointMustBeCode(uint entryPoint)
    {
        ElfFile elf = ElfFile.Parse(new ElfBuilder().Function("_start", Exit).Build(entryPoint));
        Assert.Equal(
            Verdict.CannotRun,
            GuestAnalyzer.Analyze(elf, FeatureSet.Of(StateVersion.SingleThreaded)).Verdict);
    }

    private static StateVersion? Oldest(ElfBuilder program) =>
        GuestAnalyzer.OldestVersion(ElfFile.Parse(program.Build()))?.Version;

    private static AnalysisReport Analyze(
        ElfBuilder program, StateVersion version = StateVersion.SingleThreaded2) =>
        GuestAnalyzer.Analyze(ElfFile.Parse(program.Build()), FeatureSet.Of(version));
}
