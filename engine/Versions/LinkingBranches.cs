using System;

namespace Culverin.Versions;

/// <summary>Which of the linking REGIMM branches a state version implements.</summary>
/// <remarks>
/// The reference added bgezal to versions 1 and 2 first, in the tree of 2024-10-25 that the golden vectors of
/// version 2 were recorded from; bltzal came five days later (cannon/v1.1.0) without a new version number.
/// Version 2 follows the vectors. No compiler in use emits bltzal.
/// </remarks>
[Flags]
public enum LinkingBranches
{
    /// <summary>Neither: both are branches never taken, without a link.</summary>
    None = 0,

    /// <summary>bgezal.</summary>
    Bgezal = 1,

    /// <summary>bltzal.</summary>
    Bltzal = 2,
}
