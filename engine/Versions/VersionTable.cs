namespace Culverin.Versions;

/// <summary>The difference table of VM-SPEC section 1.1, one entry per version, ascending.</summary>
internal static class VersionTable
{
    private const InstructionFeatures LinkingBranches =
        InstructionFeatures.Bgezal | InstructionFeatures.Bltzal;

    private const InstructionFeatures Mips64Released = InstructionFeatures.Mips64 | LinkingBranches;

    public static readonly FeatureSet[] Known =
    [
        new()
        {
            Version = StateVersion.SingleThreaded,
            Name = "singlethreaded",
            GoMinorMax = 21,
            WordBits = 32,
            HasThreads = false,
            Instructions = InstructionFeatures.None,
            HasJsonFiles = true,
            HasFcntlGetFd = false,
            LoaderTouchesPageAfterData = true,
        },
        new()
        {
            Version = StateVersion.MultiThreaded,
            Name = "multithreaded",
            GoMinorMax = 22,
            WordBits = 32,
            HasThreads = true,
            Instructions = InstructionFeatures.Bgezal,
            HasFutexState = true,
            LoaderTouchesPageAfterData = true,
        },
        new()
        {
            Version = StateVersion.SingleThreaded2,
            Name = "singlethreaded-2",
            GoMinorMax = 22,
            WordBits = 32,
            HasThreads = false,
            Instructions = InstructionFeatures.Bgezal,
            LoaderTouchesPageAfterData = true,
        },
        new()
        {
            Version = StateVersion.MultiThreaded64,
            Name = "multithreaded64",
            GoMinorMax = 22,
            WordBits = 64,
            HasThreads = true,
            Instructions = InstructionFeatures.Mips64
                | InstructionFeatures.Bgezal
                | InstructionFeatures.UnmaskedShiftLeft,
            HasFutexState = true,
            FutexValueSizeBytes = 8,
            HasAllOnesSyscall = true,
            LoaderTouchesPageAfterData = true,
        },
        new()
        {
            Version = StateVersion.MultiThreaded64V2,
            Name = "multithreaded64-2",
            GoMinorMax = 22,
            WordBits = 64,
            HasThreads = true,
            Instructions = Mips64Released | InstructionFeatures.UnmaskedShiftLeft,
            HasFutexState = true,
        },
        new()
        {
            Version = StateVersion.MultiThreaded2,
            Name = "multithreaded-2",
            GoMinorMax = 22,
            WordBits = 32,
            HasThreads = true,
            Instructions = LinkingBranches,
        },
        new()
        {
            Version = StateVersion.MultiThreaded64V3,
            Name = "multithreaded64-3",
            GoMinorMax = 22,
            WordBits = 64,
            HasThreads = true,
            Instructions = Mips64Released,
        },
        new()
        {
            Version = StateVersion.MultiThreaded64V4,
            Name = "multithreaded64-4",
            GoMinorMax = 24,
            WordBits = 64,
            HasThreads = true,
            Instructions = Mips64Released | InstructionFeatures.CountLeading64,
            HasLinuxErrorOrder = true,
            HasEventDescriptor = true,
            HasMprotect = true,
        },
        new()
        {
            Version = StateVersion.MultiThreaded64V5,
            Name = "multithreaded64-5",
            GoMinorMax = 25,
            WordBits = 64,
            HasThreads = true,
            Instructions = Mips64Released | InstructionFeatures.CountLeading64,
            HasLinuxErrorOrder = true,
            HasEventDescriptor = true,
            HasMprotect = true,
            HasGetrandom = true,
        },
    ];
}
