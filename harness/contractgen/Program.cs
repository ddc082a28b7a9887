using Culverin.Harness.ContractGenerator;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Culverin.ContractGenerator HARNESS-FOLDER");
    return 2;
}

string target = Path.Combine(args[0], "Contracts");
IReadOnlyDictionary<string, string> files = ContractSources.Generate(Path.Combine(args[0], "contracts"));
Directory.CreateDirectory(target);
foreach (string stale in Directory.GetFiles(target, "*.g.cs")
    .Where(path => !files.ContainsKey(Path.GetFileName(path))))
{
    File.Delete(stale);
}

foreach ((string name, string text) in files)
{
    File.WriteAllText(Path.Combine(target, name), text);
}

Console.WriteLine($"{files.Count} files in {target}");
return 0;
