using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// An exact look at the flags of the first and the last page that stores touch, where a quick one was not
/// enough; stands behind the superblock.
/// </summary>
internal sealed class PageCheck
{
    /// <summary>Where the distance of the jump to it stands.</summary>
    public int Jump { get; private set; }

    /// <summary>Offset of the code to go on at.</summary>
    public int Return { get; private set; }

    /// <summary>Offset of the last byte stored from the address in <see cref="Place"/>.</summary>
    public int LastStored { get; private set; }

    /// <summary>Where the guest register is that addresses start from.</summary>
    public Register Place { get; private set; }

    /// <summary>Holds the host address of the flags, together with <see cref="Displacement"/>.</summary>
    public Register Flags { get; private set; }

    /// <summary>Distance of page 0's flags from <see cref="Flags"/>, in bytes.</summary>
    public int Displacement { get; private set; }

    /// <summary>Holds the number of the first page, and is free afterwards.</summary>
    public Register Page { get; private set; }

    /// <summary>Where to go if a page is not ordinary.</summary>
    public Exit SideExit { get; private set; } = null!;

    /// <summary>Makes it another check.</summary>
    public void Set(
        int jump,
        int back,
        int lastStored,
        Register place,
        Register flags,
        int displacement,
        Register page,
        Exit sideExit)
    {
        Jump = jump;
        Return = back;
        LastStored = lastStored;
        Place = place;
        Flags = flags;
        Displacement = displacement;
        Page = page;
        SideExit = sideExit;
    }
}
