namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>What the demo runs.</summary>
/// <param name="Guest">Path of the program.</param>
/// <param name="Preimages">Folder that the pre-image server serves.</param>
internal sealed record DemoSettings(string Guest, string Preimages);
