namespace Culverin.Translate.Ir;

/// <summary>One instruction of a superblock, or a branch or jump together with its delay slot.</summary>
/// <param name="Pc">Address of the instruction.</param>
/// <param name="Main">Its micro-operations.</param>
/// <param name="Slot">Those of the delay slot; empty without one.</param>
/// <param name="Transfer">Index of the micro-operation that transfers control; -1 for none.</param>
/// <param name="ContinuesRun">Whether it cannot be without the item before it.</param>
internal readonly record struct SuperblockItem(
    ulong Pc, MicroRange Main, MicroRange Slot, int Transfer, bool ContinuesRun)
{
    /// <summary>Whether it is a branch or jump.</summary>
    public bool IsTransfer => Transfer >= 0;

    /// <summary>Steps it takes.</summary>
    public int StepCount => IsTransfer ? 2 : 1;
}
