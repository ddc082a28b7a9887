namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>Shows what the demo did, part by part as it happens.</summary>
internal interface IDemoView
{
    /// <summary>The guest has ended.</summary>
    void ShowRun(GuestRun run);

    /// <summary>The contract has judged the steps.</summary>
    void ShowSteps(IReadOnlyList<CheckedStep> steps);

    /// <summary>All is done, the wrong proof too.</summary>
    void ShowEnd(DemoReport report);
}
