using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// Reads a fault dispute game at one L1 block, named by its hash, so that a reorganised chain gives no
/// mixture. How it is read, and what its rules are, follows from the version that its contract says.
/// </summary>
public static class GameReader
{
    /// <summary>The most claims that a game may have.</summary>
    public const int ClaimsMax = 100_000;

    /// <summary>
    /// The game as it is at a block. Throws <see cref="ChainException"/> when the node fails, no longer has
    /// the block, or what it answers is no game of its version, and <see cref="UndecidableException"/> for
    /// a version that is not known: others differ in what a position is about, in how bonds are paid, or in
    /// both, and a bond put up by the wrong rules is lost.
    /// </summary>
    public static async Task<Game> ReadAsync(
        Contract game, Block block, CancellationToken cancellation = default)
    {
        FaultDisputeGame.VersionResult version = await game
            .ReadAsync(new FaultDisputeGame.VersionFunction(), BlockReference.Hash(block.Hash), cancellation)
            .ConfigureAwait(false);
        return version.Value switch
        {
            ClassicGameReader.Version => await new ClassicGameReader(game, block)
                .ReadAsync(cancellation)
                .ConfigureAwait(false),
            _ => throw new UndecidableException(
                $"The game's contract has version {JsonText.Printable(version.Value)}; only "
                    + $"{ClassicGameReader.Version} is known here."),
        };
    }
}
