using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>Resolves what nobody can change any more, and pays out what was won.</summary>
internal sealed class PlayerEnding(
    GameClient client,
    PlayerSender sender,
    Contract weth,
    Game game,
    Block block,
    PlayerOptions options)
{
    /// <summary>Resolves claims, the last first, and then the game.</summary>
    internal async Task ResolveAsync(CancellationToken cancellation)
    {
        HashSet<int> open = [.. game.Claims.Where(claim => !claim.IsResolved).Select(claim => claim.Index)];
        ulong? next = null;
        foreach (Claim claim in game.Claims.Reverse().Where(claim => !claim.IsResolved))
        {
            int answers = game.ChildrenOf(claim).Count();
            if (game.ChallengerSeconds(claim) < game.Rules.MaxClockSeconds)
            {
                ulong due = game.ClockEnd(claim);
                next = ulong.Min(next ?? due, due);
            }
            else if (!game.ChildrenOf(claim).Any(child => open.Contains(child.Index))
                && await ResolveClaimAsync(claim, answers, cancellation).ConfigureAwait(false))
            {
                _ = open.Remove(claim.Index);
            }
        }

        if (next is { } until)
        {
            sender.Wait(
                null,
                $"{open.Count} of {game.Claims.Count} claims are not resolved yet: a clock runs.",
                until);
        }

        if (open.Count == 0)
        {
            PlayerIntent intent = new(PlayerActionKind.ResolveGame, null, "All claims are resolved.");
            bool isReady = game.Root.IsResolved;
            _ = await sender
                .SendAsync(intent, client.ResolveRequest(), isReady, cancellation)
                .ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Pays each of our accounts what the resolved game owes it. True when an account still waits.
    /// </summary>
    internal async Task<bool> ClaimCreditsAsync(CancellationToken cancellation)
    {
        bool isWaiting = false;
        Contract contract = client.Contract;
        BlockReference at = BlockReference.Hash(block.Hash);
        foreach (Address account in options.CreditAccounts.Prepend(client.Account).Distinct())
        {
            BigInteger credit =
                await client.CreditAsync(account, at, cancellation).ConfigureAwait(false);
            if (credit.IsZero)
            {
                continue;
            }

            BigInteger due = await PaidFromAsync(account, at, cancellation).ConfigureAwait(false);
            if (due > block.Timestamp)
            {
                isWaiting = true;
                sender.Wait(
                    null,
                    $"{account} won {credit} wei, which are held until the delay is over.",
                    (ulong)BigInteger.Min(due, ulong.MaxValue));
                continue;
            }

            PlayerIntent intent = new(
                PlayerActionKind.ClaimCredit, null, $"{account} won {credit} wei, and the delay is over.");
            isWaiting |= !await sender
                .SendAsync(intent, client.ClaimCreditRequest(account), true, cancellation)
                .ConfigureAwait(false);
        }

        return isWaiting;
    }

    private async Task<bool> ResolveClaimAsync(Claim claim, int answers, CancellationToken cancellation)
    {
        bool isWhole = answers <= options.ResolveCountMax;
        PlayerIntent intent = new(
            PlayerActionKind.ResolveClaim, claim.Index, "The time to counter it is over.");

        // In a dry run those below it are not resolved, so that the contract would not take it yet.
        bool canEstimate = game.ChildrenOf(claim).All(child => child.IsResolved);
        bool isDone = await sender
            .SendAsync(
                intent,
                client.ResolveClaimRequest(claim.Index, isWhole ? 0 : options.ResolveCountMax),
                canEstimate,
                cancellation)
            .ConfigureAwait(false);
        return (isDone && isWhole) || sender.IsDryRun;
    }

    private async Task<BigInteger> PaidFromAsync(
        Address account, BlockReference at, CancellationToken cancellation)
    {
        Contract contract = client.Contract;
        FaultDisputeGame.WethResult holder = await contract
            .ReadAsync(new FaultDisputeGame.WethFunction(), at, cancellation)
            .ConfigureAwait(false);
        Contract bonds = weth.At(holder.Weth);
        DelayedWETH.DelayResult delay = await bonds
            .ReadAsync(new DelayedWETH.DelayFunction(), at, cancellation)
            .ConfigureAwait(false);
        DelayedWETH.WithdrawalsResult held = await bonds
            .ReadAsync(
                new DelayedWETH.WithdrawalsFunction { Item1 = contract.Address, Item2 = account },
                at,
                cancellation)
            .ConfigureAwait(false);
        return held.Timestamp + delay.Value;
    }
}
