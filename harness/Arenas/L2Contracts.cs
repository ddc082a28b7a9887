using Culverin.Harness.Rpc;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The contracts that stand on the L2 from its first block, at the same addresses everywhere.
/// </summary>
public sealed record L2Contracts
{
    /// <summary>Keeps the hashes of withdrawals.</summary>
    public required Contract MessagePasser { get; init; }

    /// <summary>Passes messages to L1 and takes those from there.</summary>
    public required Contract Messenger { get; init; }

    /// <summary>Bridges ether and ERC-20 tokens.</summary>
    public required Contract Bridge { get; init; }

    /// <summary>Bridges ERC-721 tokens.</summary>
    public required Contract Erc721Bridge { get; init; }

    /// <summary>Makes ERC-20 tokens for the bridge.</summary>
    public required Contract TokenFactory { get; init; }

    /// <summary>What the L2 knows of the L1.</summary>
    public required Contract L1Block { get; init; }

    /// <summary>Computes what a transaction pays for its data on L1.</summary>
    public required Contract GasPriceOracle { get; init; }

    /// <summary>Ether as a token.</summary>
    public required Contract Weth { get; init; }

    /// <summary>Upgrades the proxies.</summary>
    public required Contract ProxyAdmin { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Contract> All =>
    [
        MessagePasser, Messenger, Bridge, Erc721Bridge, TokenFactory, L1Block, GasPriceOracle, Weth,
        ProxyAdmin,
    ];
}
