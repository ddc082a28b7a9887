namespace Culverin.Translate.Ir;

/// <summary>
/// The memory accesses of a superblock whose addresses are one register plus constants, as long as nothing
/// sets the register: what is checked for the first of them holds for all.
/// </summary>
internal sealed class AccessGroup
{
    /// <summary>Most bytes from first to last; less than a page, so that they touch two at most.</summary>
    public const int SpanMaxBytes = 2048;

    /// <summary>The register.</summary>
    public int Register { get; private set; }

    /// <summary>Lowest offset from the register.</summary>
    public int First { get; private set; }

    /// <summary>Offset of the last byte.</summary>
    public int Last { get; private set; }

    /// <summary>Lowest offset of a store.</summary>
    public int FirstStored { get; private set; }

    /// <summary>Offset of the last byte stored.</summary>
    public int LastStored { get; private set; }

    /// <summary>How many stores there are.</summary>
    public int StoreCount { get; private set; }

    /// <summary>How many accesses there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where in the frame the group's host address is kept; -1 before the first access.</summary>
    public int FrameSlot { get; set; }

    /// <summary>Whether the pages of the stores have been checked.</summary>
    public bool StoresChecked { get; set; }

    /// <summary>Whether the group is known not to go on at address 0 behind the last one.</summary>
    public bool WrapChecked { get; set; }

    /// <summary>Makes it an empty group.</summary>
    public void Reset(int register)
    {
        Register = register;
        First = int.MaxValue;
        Last = int.MinValue;
        FirstStored = int.MaxValue;
        LastStored = int.MinValue;
        StoreCount = 0;
        Count = 0;
        FrameSlot = -1;
        StoresChecked = false;
        WrapChecked = false;
    }

    /// <summary>Adds an access; false if it lies too far from the others.</summary>
    public bool TryAdd(int offset, int sizeBytes, bool isStore)
    {
        int last = offset + sizeBytes - 1;
        if (Count > 0 && Math.Max(Last, last) - Math.Min(First, offset) >= SpanMaxBytes)
        {
            return false;
        }

        Count++;
        First = Math.Min(First, offset);
        Last = Math.Max(Last, last);
        if (isStore)
        {
            StoreCount++;
            FirstStored = Math.Min(FirstStored, offset);
            LastStored = Math.Max(LastStored, last);
        }

        return true;
    }
}
