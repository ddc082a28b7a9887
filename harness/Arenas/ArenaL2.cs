namespace Culverin.Harness.Arenas;

/// <summary>What makes the L2 of an arena.</summary>
public enum ArenaL2
{
    /// <summary>A local node that mines; nothing follows from L1.</summary>
    LocalNode,

    /// <summary>The L2's own node: a sequencer whose blocks anyone can derive from L1.</summary>
    Derived,
}
