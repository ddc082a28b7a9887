using Culverin.Analyze;
using Culverin.Guest;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Analyze;

/// <summary>System calls whose numbers are decided elsewhere than in front of the instruction.</summary>
public sealed class SyscallNumberTests
{
    private const int V0 = 2;
    private const int A0 = 4;
    private const int A1 = 5;
    private const int T0 = 8;
    private const int S0 = 16;
    private const int ExitGroup = 4246;
    private const int Kill = 4037;
    private const int Write = 4004;

    private static readonly uint[] Exit = [Code.Put(V0, ExitGroup), Code.SystemCall, Code.Nop];

    // A C wrapper: the number is the first argument, in a register.
    private static readonly uint[] ByRegister =
        [Code.Move(V0, A0), Code.SystemCall, Code.Return, Code.Nop];

    // A Go function: all arguments are on the stack, above the saved return address.
    private static readonly uint[] ByStack =
    [
        Code.MoveStack(-24), Code.LoadFromStack(V0, 28), Code.SystemCall, Code.MoveStack(24), Code.Return,
        Code.Nop,
    ];

    [Theory]
    [InlineData(Write, Verdict.Runs)]
    [InlineData(Kill, Verdict.MayPanic)]
    internal void ArgumentInARegisterIsFollowed(int number, Verdict verdict)
    {
        uint wrapper = ElfBuilder.CodeStart + 20;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [Code.Call(wrapper), Code.Put(A0, number), .. Exit])
            .Function("syscall", ByRegister));
        Assert.Equal(verdict, report.Verdict);
        CodePlace place = Assert.Single(report.Syscalls.Single(call => call.Number == (ulong)number).Places);
        Assert.Equal(new CodePlace(ElfBuilder.CodeStart, "_start", CodeReach.Direct), place);
        Assert.DoesNotContain(report.Syscalls, call => call.Number is null);
    }

    [Theory]
    [InlineData(Write, Verdict.Runs)]
    [InlineData(Kill, Verdict.MayPanic)]
    internal void ArgumentOnTheStackIsFollowedThroughTwoFunctions(int number, Verdict verdict)
    {
        uint middle = ElfBuilder.CodeStart + 36;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function(
                "_start",
                [
                    Code.MoveStack(-32), Code.Put(T0, number), Code.StoreToStack(T0, 4), Code.Call(middle),
                    Code.Nop, .. Exit, Code.Nop,
                ])
            .Function(
                "Syscall",
                [
                    Code.MoveStack(-40), Code.Call(middle + 40), Code.Nop, Code.LoadFromStack(T0, 44),
                    Code.StoreToStack(T0, 4), Code.Call(middle + 48), Code.Nop, Code.MoveStack(40),
                    Code.Return, Code.Nop,
                ])
            .Function("entersyscall", Code.Return, Code.Nop)
            .Function("Syscall6", ByStack));
        Assert.Equal(verdict, report.Verdict);
        CodePlace place = Assert.Single(report.Syscalls.Single(call => call.Number == (ulong)number).Places);
        Assert.Equal("_start", place.Function);
    }

    [Fact]
    public void NumberFromMemoryIsUnknownAndSoIsTheVerdict()
    {
        AnalysisReport report = Analyze(new ElfBuilder().Function(
            "_start", [Code.Load(V0, A0, 0), Code.SystemCall, .. Exit]));
        Assert.Equal(Verdict.Unknown, report.Verdict);
        Assert.Contains("one place, first in _start", report.Reasons[0], System.StringComparison.Ordinal);
    }

    [Fact]
    public void NumberFromTheCallersMemoryIsUnknown()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function(
                "_start", [Code.Load(A0, A1, 0), Code.Call(ElfBuilder.CodeStart + 24), Code.Nop, .. Exit])
            .Function("syscall", ByRegister));
        Assert.Equal(Verdict.Unknown, report.Verdict);
    }

    [Fact]
    public void WrapperWhoseAddressIsInDataIsCalledWithAnything()
    {
        uint wrapper = ElfBuilder.CodeStart + 20;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [Code.Call(wrapper), Code.Put(A0, Write), .. Exit])
            .Function("syscall", ByRegister)
            .Data("table", wrapper));
        Assert.Equal(Verdict.Unknown, report.Verdict);
        Assert.Contains(report.Syscalls, call => call.Number == Write);
    }

    [Fact]
    public void WrapperThatNothingLeadsToIsOnlyACaution()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [.. Exit, Code.Return, Code.Nop])
            .Function("syscall", ByRegister));
        Assert.Equal(Verdict.Runs, report.Verdict);
    }

    [Fact]
    public void WrapperThatIsEnteredBehindItsStartIsCalledWithAnything()
    {
        uint wrapper = ElfBuilder.CodeStart + 20;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [Code.Call(wrapper + 4), Code.Put(V0, Write), .. Exit])
            .Function("syscall", [Code.Nop, .. ByRegister]));
        Assert.Equal(Verdict.Unknown, report.Verdict);
    }

    [Fact]
    public void KeptRegisterSurvivesACall()
    {
        uint other = ElfBuilder.CodeStart + 40;
        uint[] start =
        [
            Code.Put(S0, Kill), Code.Put(T0, Write), Code.Call(other), Code.Nop, Code.Move(V0, S0),
            Code.SystemCall, Code.Move(V0, T0), .. Exit,
        ];
        AnalysisReport report = Analyze(
            new ElfBuilder().Function("_start", start).Function("other", Code.Return, Code.Nop));
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        Assert.Contains(report.Syscalls, call => call.Number == Kill);
    }

    [Fact]
    public void NumberOfBothWaysIsKnownIfItIsTheSame()
    {
        // beq $8, $9, over; li $2; nop; over: syscall
        uint[] same = [Code.Put(V0, Write), 0x1109_0002, Code.Nop, Code.Nop, Code.SystemCall, .. Exit];
        Assert.Equal(Verdict.Runs, Analyze(new ElfBuilder().Function("_start", same)).Verdict);
        uint[] other =
            [Code.Put(V0, Write), 0x1109_0002, Code.Nop, Code.Put(V0, Kill), Code.SystemCall, .. Exit];
        Assert.Equal(Verdict.Unknown, Analyze(new ElfBuilder().Function("_start", other)).Verdict);
    }

    [Fact]
    public void NumberThatALoopChangesIsUnknown()
    {
        // again: syscall; addiu $2, $8, 0; bne $8, $0, again
        uint[] loop =
        [
            Code.Put(V0, Write), Code.SystemCall, Code.Move(V0, T0), 0x1500_FFFD, Code.Nop, .. Exit,
        ];
        Assert.Equal(Verdict.Unknown, Analyze(new ElfBuilder().Function("_start", loop)).Verdict);
    }

    [Theory]
    [InlineData(Write, Write, false, Verdict.Runs)]
    [InlineData(Write, Kill, false, Verdict.MayPanic)]
    [InlineData(Kill, Write, false, Verdict.MayPanic)]
    [InlineData(Write, Write, true, Verdict.Unknown)]
    internal void NumberInAVariableIsOneOfItsValues(
        int first, int later, bool isAddressTaken, Verdict verdict)
    {
        uint variable = ElfBuilder.DataStart + 4;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function(
                "_start",
                [
                    Code.LoadUpper(T0, variable), Code.Put(A1, later), Code.Store(A1, T0, variable),
                    isAddressTaken ? Code.AddLower(T0, variable) : Code.Nop,
                    Code.LoadUpper(T0, variable), Code.Load(V0, T0, variable), Code.SystemCall, .. Exit,
                ])
            .Data("other", 0)
            .Data("number", (uint)first));
        Assert.Equal(verdict, report.Verdict);
    }

    // The code has the variable's address only to load from it; the pointer is in the data.
    [Theory]
    [InlineData(0, 0, Verdict.Unknown)]
    [InlineData(0, 3, Verdict.Unknown)]
    [InlineData(2, 0, Verdict.Unknown)]
    [InlineData(0, 4, Verdict.Runs)]
    [InlineData(0, -4, Verdict.Runs)]
    internal void AVariableThatDataPointsToMayHoldAnything(int bytesBefore, int distance, Verdict verdict)
    {
        uint variable = ElfBuilder.DataStart + 4;
        ulong pointer = (ulong)(variable + distance) << 32 >> (8 * bytesBefore);
        AnalysisReport report = Analyze(ProgramThatLoads(variable)
            .Data("other", 0)
            .Data("number", Write)
            .Data("p", (uint)(pointer >> 32), (uint)pointer));
        Assert.Equal(verdict, report.Verdict);
    }

    [Fact]
    public void AVariableThatConstantsBehindTheCodePointToMayHoldAnything()
    {
        uint variable = ElfBuilder.DataStart + 4;
        AnalysisReport report = Analyze(
            ProgramThatLoads(variable).Constants(variable).Data("other", 0).Data("number", Write));
        Assert.Equal(Verdict.Unknown, report.Verdict);
    }

    // sb $5, 3(number), and the address of that byte.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    internal void AVariableThatIsWrittenByteByByteMayHoldAnything(bool isAddressTaken)
    {
        uint variable = ElfBuilder.DataStart + 4;
        uint storeByte = Code.Store(A1, T0, variable + 3) & 0x03FF_FFFF | 0xA000_0000;
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function(
                "_start",
                [
                    Code.LoadUpper(T0, variable),
                    isAddressTaken ? Code.AddLower(T0, variable + 3) : storeByte,
                    Code.LoadUpper(T0, variable), Code.Load(V0, T0, variable), Code.SystemCall, .. Exit,
                ])
            .Data("other", 0)
            .Data("number", Write));
        Assert.Equal(Verdict.Unknown, report.Verdict);
    }

    [Fact]
    public void CodeOutsideOfFunctionsThatIsReachedMakesTheVerdictUnknown()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Function("_start", [Code.Call(ElfBuilder.CodeStart + 20), Code.Nop, .. Exit])
            .Between(Code.AddSingle, Code.Return, Code.Nop));
        Assert.Equal(Verdict.Unknown, report.Verdict);
        Assert.Contains("0x400014 from _start", report.Reasons[0], System.StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsAndTheEntryPointAreCodeToo()
    {
        uint label = ElfBuilder.CodeStart + 8;
        ElfBuilder program = new ElfBuilder()
            .Function("unused", Code.Return, Code.Nop)
            .Label("start", [Code.Call(label + 20), Code.Nop, .. Exit])
            .Label("compute", Code.AddSingle, Code.Return, Code.Nop);
        AnalysisReport report = Analyze(program, label);
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        Assert.Equal("compute", report.Instructions[0].Places[0].Function);
        AnalysisReport inside = Analyze(
            new ElfBuilder().Function("f", Code.Return, Code.Nop).Between([.. Exit, Code.AddSingle]), label);
        Assert.Equal(Verdict.MayPanic, inside.Verdict);
        Assert.Equal("the entry point", inside.Instructions[0].Places[0].Function);
    }

    [Theory]
    [InlineData(true, Verdict.Runs)]
    [InlineData(false, Verdict.MayPanic)]
    internal void ConstantsBehindTheCodeAreToldByTheSection(bool hasSection, Verdict verdict)
    {
        AnalysisReport report = Analyze(new ElfBuilder { HasCodeSection = hasSection }
            .UnsizedFunction("_start", Exit)
            .Constants(Code.AddSingle, Code.Beql, 0x4865_6C6C));
        Assert.Equal(verdict, report.Verdict);
    }

    [Fact]
    public void TheSizedSymbolNamesTheFunction()
    {
        AnalysisReport report = Analyze(new ElfBuilder()
            .Label("_ftext")
            .Function("__start", Exit)
            .Label("_etext"));
        Assert.Equal("__start", report.Syscalls[0].Places[0].Function);
    }

    // The runs end so: "state version 8 has no system call 5248", "state version 5 has no system call 4220".
    [Theory]
    [InlineData("callmkdir.64.go119.elf", StateVersion.MultiThreaded64V5, 5248)]
    [InlineData("callwrite.go119.elf", StateVersion.MultiThreaded2, 4220)]
    public void GoProgramsThatPanicAreNotSaidToRun(string elf, StateVersion version, int number)
    {
        AnalysisReport report = GuestAnalyzer.Analyze(OwnGuest.Read(elf), FeatureSet.Of(version));
        Assert.Equal("go1.19.8", report.GoVersion);
        Assert.Equal(Verdict.MayPanic, report.Verdict);
        SyscallFinding finding = report.Syscalls.Single(call => call.Number == (ulong)number);
        Assert.Equal(FindingEffect.PanicsAsUnknownSyscall, finding.Effect);
        Assert.DoesNotContain(
            report.Syscalls,
            call => call.Effect == FindingEffect.NumberUnknown && call.Reach != CodeReach.NotSeen);
    }

    private static ElfBuilder ProgramThatLoads(uint variable) => new ElfBuilder().Function(
        "_start", [Code.LoadUpper(T0, variable), Code.Load(V0, T0, variable), Code.SystemCall, .. Exit]);

    private static AnalysisReport Analyze(ElfBuilder program, uint entryPoint = ElfBuilder.CodeStart) =>
        GuestAnalyzer.Analyze(
            ElfFile.Parse(program.Build(entryPoint)), FeatureSet.Of(StateVersion.MultiThreaded2));
}
