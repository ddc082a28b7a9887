namespace Culverin.Versions;

/// <summary>Groups of instructions, or variants of them, that only some state versions have.</summary>
[Flags]
internal enum InstructionFeatures
{
    /// <summary>Every version has it.</summary>
    None = 0,

    /// <summary>MIPS64: doubleword arithmetic, shifts, loads and stores.</summary>
    Mips64 = 1,

    /// <summary>dclz and dclo.</summary>
    CountLeading64 = 2,

    /// <summary>bgezal links and branches; without it, it is a branch never taken.</summary>
    /// <remarks>
    /// The reference added bgezal to versions 1 to 3 first, in the tree of 2024-10-25 that their golden
    /// vectors were recorded from; bltzal came five days later (cannon/v1.1.0) without a new version
    /// number. Those versions follow the vectors. No compiler in use emits bltzal.
    /// </remarks>
    Bgezal = 4,

    /// <summary>bltzal links and branches; without it, it is a branch never taken.</summary>
    Bltzal = 8,

    /// <summary>
    /// The sll and sllv of versions 3 and 4, which look for the sign in all bits above 30 (VM-SPEC 6.4).
    /// </summary>
    UnmaskedShiftLeft = 16,
}
