namespace Culverin.Inspect.Symbols;

/// <summary>
/// How the Go runtime changes from a goroutine's stack to its thread's system stack: where its structures
/// keep what is needed to go on with the goroutine. Offsets in bytes.
/// </summary>
/// <param name="ThreadOfGoroutine">runtime.g.m</param>
/// <param name="Schedule">runtime.g.sched</param>
/// <param name="SystemGoroutine">runtime.m.g0</param>
/// <param name="CurrentGoroutine">runtime.m.curg</param>
/// <param name="StackPointer">runtime.gobuf.sp</param>
/// <param name="ProgramCounter">runtime.gobuf.pc</param>
/// <param name="ReturnAddress">runtime.gobuf.lr</param>
internal sealed record GoStackSwitch(
    ulong ThreadOfGoroutine,
    ulong Schedule,
    ulong SystemGoroutine,
    ulong CurrentGoroutine,
    ulong StackPointer,
    ulong ProgramCounter,
    ulong ReturnAddress)
{
    /// <summary>The register that holds the running goroutine on MIPS.</summary>
    public const int GoroutineRegister = 30;

    /// <summary>The function that calls another one on the system stack and returns.</summary>
    public const string SystemStackFunction = "runtime.systemstack";

    /// <summary>The function that gives a goroutine a larger stack and does not return.</summary>
    public const string MoreStackFunction = "runtime.morestack";

    /// <summary>
    /// Functions that nobody calls: a thread or goroutine begins there, or leaves its stack.
    /// </summary>
    public static bool IsOutermost(string function) => function is "runtime.goexit" or "runtime.mstart"
        or "runtime.mcall" or "runtime.rt0_go" or "runtime.asmcgocall";

    /// <summary>Reads the offsets; null where the data lack one.</summary>
    public static GoStackSwitch? Of(DebugInfo info)
    {
        IReadOnlyDictionary<string, ulong>? goroutine = info.MembersOf("runtime.g");
        IReadOnlyDictionary<string, ulong>? thread = info.MembersOf("runtime.m");
        IReadOnlyDictionary<string, ulong>? registers = info.MembersOf("runtime.gobuf");
        return goroutine is not null && thread is not null && registers is not null
            && goroutine.TryGetValue("m", out ulong threadOfGoroutine)
            && goroutine.TryGetValue("sched", out ulong schedule)
            && thread.TryGetValue("g0", out ulong systemGoroutine)
            && thread.TryGetValue("curg", out ulong currentGoroutine)
            && registers.TryGetValue("sp", out ulong stackPointer)
            && registers.TryGetValue("pc", out ulong programCounter)
            && registers.TryGetValue("lr", out ulong returnAddress)
                ? new GoStackSwitch(
                    threadOfGoroutine,
                    schedule,
                    systemGoroutine,
                    currentGoroutine,
                    stackPointer,
                    programCounter,
                    returnAddress)
                : null;
    }
}
