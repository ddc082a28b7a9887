using System.Globalization;
using System.Reflection;

namespace Culverin.Mutations;

/// <summary>
/// Takes away each rule and each safety check of the player in turn: one of the cases that guard it must turn
/// red, or they guard nothing. Arguments are the names of those to take away, or <c>--sample N [--seed S]</c>
/// for so many by chance; without any, all. Exit codes: 0 when each was noticed, 1 when not, 2 for a wrong
/// argument.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        Mutation[] chosen;
        try
        {
            chosen = Choose(arguments);
        }
        catch (ArgumentException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }

        string root = typeof(Program).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "RepositoryFolder").Value!;
        Mutant mutant = new(root);
        try
        {
            foreach (Mutation each in Mutations.All)
            {
                _ = await mutant.ReadAsync(each);
            }

            await mutant.BuildTestsAsync();
            await mutant.PutAsync(null);
            (int red, int all) = await mutant.CountAsync(new Guard(
                string.Join('|', chosen.Select(each => each.Red.Tests).OfType<string>().Distinct()),
                [.. chosen.SelectMany(each => each.Red.Scenarios).Distinct()]));
            Console.WriteLine($"{red} of {all} red before anything is taken away");
            return red > 0 ? 1 : await RunAsync(mutant, chosen);
        }
        catch (InvalidOperationException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static Mutation[] Choose(string[] arguments)
    {
        if (arguments is ["--sample", _, ..])
        {
            int seed = Environment.TickCount;
            if (!int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int count) || count < 1
                || !(arguments.Length == 2 || (arguments is [_, _, "--seed", _]
                    && int.TryParse(arguments[3], CultureInfo.InvariantCulture, out seed))))
            {
                throw new ArgumentException(
                    "--sample is followed by a number from 1 on, and perhaps --seed S.");
            }

            Console.WriteLine($"seed {seed}");
            Mutation[] all = [.. Mutations.All];
            new Random(seed).Shuffle(all);
            return all[..Math.Min(count, all.Length)];
        }

        Mutation[] named =
            [.. Mutations.All.Where(each => arguments.Length == 0 || arguments.Contains(each.Name))];
        return arguments.Except(named.Select(each => each.Name)).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"There is no rule or check '{unknown}'.")
            : named;
    }

    private static async Task<int> RunAsync(Mutant mutant, Mutation[] chosen)
    {
        List<string> unnoticed = [];
        foreach (Mutation mutation in chosen)
        {
            await mutant.PutAsync(mutation);
            (int red, int all) = await mutant.CountAsync(mutation.Red);
            Console.WriteLine($"{(red > 0 ? "noticed" : "UNNOTICED")}  {mutation.Name}: {red} of {all} red");
            if (red == 0)
            {
                unnoticed.Add(mutation.Name);
            }
        }

        Console.WriteLine($"{chosen.Length - unnoticed.Count} of {chosen.Length} noticed");
        return unnoticed.Count == 0 ? 0 : 1;
    }
}
