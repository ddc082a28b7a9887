using System.Runtime.InteropServices;

namespace Culverin.Translate.Ir;

/// <summary>Why generated code came back.</summary>
internal enum ExitKind
{
    /// <summary>The interpreter must execute the next step.</summary>
    SideExit = 0,

    /// <summary>The budget does not cover the next superblock.</summary>
    Budget = 1,

    /// <summary>A direct jump leads to a superblock that it is not linked to.</summary>
    Link = 2,

    /// <summary>An indirect jump found no superblock.</summary>
    Miss = 3,
}

/// <summary>What generated code shares with its caller besides the guest's registers.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal unsafe struct TranslatorFrame
{
    /// <summary>Where it is in the state's native block, in bytes.</summary>
    public const int BlockOffset = 4096;

    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 192;

    /// <summary>How many host addresses of groups of accesses fit.</summary>
    public const int OriginCount = 16;

    /// <summary>Offset of <see cref="Budget"/>.</summary>
    public const int BudgetOffset = 0;

    /// <summary>Offset of <see cref="Memory"/>.</summary>
    public const int MemoryOffset = 8;

    /// <summary>Offset of <see cref="JumpTable"/>.</summary>
    public const int JumpTableOffset = 16;

    /// <summary>Offset of <see cref="Code"/>.</summary>
    public const int CodeOffset = 24;

    /// <summary>Offset of <see cref="SavedTarget"/>.</summary>
    public const int SavedTargetOffset = 32;

    /// <summary>Offset of <see cref="Exit"/>.</summary>
    public const int ExitOffset = 40;

    /// <summary>Offset of <see cref="ExitLink"/>.</summary>
    public const int ExitLinkOffset = 44;

    /// <summary>Offset of <see cref="OriginCount"/> slots' origins, 8 bytes each.</summary>
    public const int OriginsOffset = 64;

    /// <summary>In: steps to execute. Out: steps not executed.</summary>
    [FieldOffset(BudgetOffset)]
    public long Budget;

    // SAFETY: the three point to mappings that outlive every run: guest memory, jump table, code.
    /// <summary>Host address of guest address 0; for 64-bit words the tables of slots.</summary>
    [FieldOffset(MemoryOffset)]
    public byte* Memory;

    /// <summary>Offsets of superblocks in the code by guest address, 4 bytes each; 0 for none.</summary>
    [FieldOffset(JumpTableOffset)]
    public byte* JumpTable;

    /// <summary>Where the code is executed.</summary>
    [FieldOffset(CodeOffset)]
    public byte* Code;

    /// <summary>Target of an indirect jump while its delay slot is executed.</summary>
    [FieldOffset(SavedTargetOffset)]
    public ulong SavedTarget;

    /// <summary>Out: an <see cref="ExitKind"/>.</summary>
    [FieldOffset(ExitOffset)]
    public int Exit;

    /// <summary>Out, after <see cref="ExitKind.Link"/>: the number of the link.</summary>
    [FieldOffset(ExitLinkOffset)]
    public int ExitLink;
}
