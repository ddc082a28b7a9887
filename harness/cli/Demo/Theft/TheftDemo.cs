using Culverin.Harness.Local;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// The story: a user withdraws, a thief forges a state to take everything, a challenger stops that at one
/// instruction, and the user is paid. All on the real contracts, all looked at afterwards.
/// </summary>
internal static class TheftDemo
{
    /// <summary>Plays and tells it; the chains have ended when it returns.</summary>
    /// <exception cref="CulverinException">A chain failed, or it could not go on.</exception>
    public static async Task<Story> RunAsync(
        NodePackages packages, ITheftView view, CancellationToken cancellation)
    {
        TheftWorld world = await TheftWorld.StartAsync(packages, cancellation).ConfigureAwait(false);
        await using (world.ConfigureAwait(false))
        {
            StoryRecorder recorder = new(world.Arena, view);
            RollupChapter rollup = new(world, recorder, cancellation);
            await rollup.TellAsync().ConfigureAwait(false);
            DisputeChapter dispute = new(world, recorder, rollup, cancellation);
            await dispute.TellAsync().ConfigureAwait(false);
            VerdictChapter verdict = new(world, recorder, rollup, dispute, cancellation);
            await verdict.TellAsync().ConfigureAwait(false);
            TheftStory told = new(world, recorder, rollup, dispute, verdict);
            return await told.CreateAsync(cancellation).ConfigureAwait(false);
        }
    }
}
