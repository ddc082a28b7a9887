namespace Culverin.Harness.Arenas;

/// <summary>
/// The parameters of arenas whose L2 the fault-proof program knows by its id (harness/guest, package config):
/// ids, times, accounts and the order of deployment are fixed, and with them the first blocks and all
/// addresses. What is not named in the configuration of the L2 may differ.
/// </summary>
public static class ArenaChains
{
    private const ulong L1Id = 900;

    /// <summary>A block a second on both chains.</summary>
    public static ArenaOptions Usual { get; } = new()
    {
        L2 = ArenaL2.Derived,
        L1ChainId = L1Id,
        L2ChainId = 70_901,
    };

    /// <summary>An L2 block every 36 seconds: a hundred an hour.</summary>
    public static ArenaOptions Slow { get; } = Usual with
    {
        L2ChainId = 70_936,
        L1BlockSeconds = 12,
        L2BlockSeconds = 36,
    };
}
