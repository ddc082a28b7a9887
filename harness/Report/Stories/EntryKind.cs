namespace Culverin.Harness.Report.Stories;

/// <summary>What sort of event an entry of a timeline tells of.</summary>
public enum EntryKind
{
    /// <summary>A transaction that was executed, or another event.</summary>
    Event = 0,

    /// <summary>A claim or step in a game; there may be very many.</summary>
    Move = 1,

    /// <summary>A contract refused what somebody wanted.</summary>
    Refusal = 2,

    /// <summary>A small thing that belongs to the record, one of many of its kind.</summary>
    Routine = 3,
}
