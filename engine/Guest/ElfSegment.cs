namespace Culverin.Guest;

/// <summary>A program header: where a piece of the file goes in memory.</summary>
/// <param name="Type">PT_ value.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="VirtualAddress">First byte in memory.</param>
/// <param name="FileSizeBytes">Bytes in the file.</param>
/// <param name="MemorySizeBytes">Bytes in memory.</param>
/// <param name="Flags">PF_ bits: 1 = executable, 2 = writable, 4 = readable.</param>
internal sealed record ElfSegment(
    uint Type, ulong FileOffset, ulong VirtualAddress, ulong FileSizeBytes, ulong MemorySizeBytes, uint Flags)
{
    /// <summary>PT_LOAD.</summary>
    public const uint LoadType = 1;

    /// <summary>PT_INTERP: the name of the dynamic linker.</summary>
    public const uint InterpreterType = 3;

    /// <summary>PT_TLS: the first values of thread-local variables.</summary>
    public const uint ThreadLocalType = 7;

    /// <summary>PT_MIPS_ABIFLAGS.</summary>
    public const uint MipsAbiFlagsType = 0x7000_0003;

    /// <summary>PF_W.</summary>
    public const uint WritableFlag = 2;

    /// <summary>PF_X.</summary>
    public const uint ExecutableFlag = 1;

    /// <summary>The type as the ELF documents write it, such as "PT_LOAD"; its number for others.</summary>
    public string TypeName => Type switch
    {
        0 => "PT_NULL",
        LoadType => "PT_LOAD",
        2 => "PT_DYNAMIC",
        InterpreterType => "PT_INTERP",
        4 => "PT_NOTE",
        5 => "PT_SHLIB",
        6 => "PT_PHDR",
        ThreadLocalType => "PT_TLS",
        0x6474_E550 => "PT_GNU_EH_FRAME",
        0x6474_E551 => "PT_GNU_STACK",
        0x6474_E552 => "PT_GNU_RELRO",
        0x6474_E553 => "PT_GNU_PROPERTY",
        0x7000_0000 => "PT_MIPS_REGINFO",
        0x7000_0001 => "PT_MIPS_RTPROC",
        0x7000_0002 => "PT_MIPS_OPTIONS",
        MipsAbiFlagsType => "PT_MIPS_ABIFLAGS",
        _ => $"type 0x{Type:x}",
    };
}
