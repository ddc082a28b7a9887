using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>
/// Both packages are made, restored from a folder into a fresh program, the README's, and run.
/// </summary>
public sealed class PackageTests
{
    private const string Version = "0.1.0-test";

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [LibraryFact("dotnet")]
    public void APackagedEngineRunsInAFreshProgramAndTheOtherTakesItsPlace()
    {
        using var workshop = new Workshop();
        var vector = new GuestVector(StateVersion.MultiThreaded64V5, "hello");
        string elf = workshop.Unpack(vector);
        string feed = workshop.File("feed");
        Pack(workshop, feed, "engine");
        Pack(workshop, feed, Path.Combine("bindings", "dotnet"));
        string program = ReadmeProgram();
        string swapped = program.Replace("ManagedEngine.Instance", "Culverin.Native.NativeEngine.Instance");
        Assert.NotEqual(program, swapped);
        (string, string)[] programs = [("Culverin", program), ("Culverin.Native", swapped)];
        foreach ((string package, string source) in programs)
        {
            string output = RunFresh(workshop, feed, package, source, elf);
            Assert.Contains(vector.FinalHash[2..], output, StringComparison.Ordinal);
        }
    }

    private static void Pack(Workshop workshop, string feed, string project)
    {
        string artifacts = workshop.File("built");
        Tool.Run(
            RepositoryFiles.Root,
            Dotnet,
            [
                "pack", project, "-o", feed, "--artifacts-path", artifacts, $"-p:Version={Version}",
                $"-p:CulverinLibrary={Library.FilePath}", "-p:RunAnalyzers=false", "-nologo",
            ]).Expect();
    }

    private static string RunFresh(
        Workshop workshop, string feed, string package, string source, string elf)
    {
        string folder = Directory.CreateDirectory(workshop.File(package)).FullName;
        string known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), source);
        File.WriteAllText(Path.Combine(folder, "fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{workshop.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{known}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        Tool.Run(folder, Dotnet, ["build", "-o", "out", "-nologo"]).Expect();

        // The library must come out of the package, not from where the tests have theirs.
        return Tool.Run(folder, Dotnet, [Path.Combine("out", "fresh.dll"), elf], ("CULVERIN_LIBRARY", ""))
            .Expect().Output;
    }

    private static string ReadmeProgram()
    {
        string[] lines = File.ReadAllLines(
            Path.Combine(RepositoryFiles.Root, "bindings", "dotnet", "README.md"));
        return string.Join('\n', lines
            .SkipWhile(line => line != "    using System;")
            .TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line.Trim()));
    }
}
