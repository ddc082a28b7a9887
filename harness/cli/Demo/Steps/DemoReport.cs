namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>All that the demo found out.</summary>
/// <param name="Run">The whole run of the guest.</param>
/// <param name="Steps">The proven steps, ascending.</param>
/// <param name="Tampering">What became of a wrong proof.</param>
/// <param name="Elapsed">Time of everything, start-up of chain and server included.</param>
internal sealed record DemoReport(
    GuestRun Run, IReadOnlyList<CheckedStep> Steps, Tampering Tampering, TimeSpan Elapsed)
{
    /// <summary>
    /// Whether all steps agreed, the run ended where they did, and the wrong proof was refused.
    /// </summary>
    public bool Agrees => Steps.Count > 0
        && Steps.All(step => step.Agrees)
        && Steps[^1].EngineHash == Run.FinalHash
        && Tampering.IsRefused;
}
