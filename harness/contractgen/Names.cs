using System.Globalization;

namespace Culverin.Harness.ContractGenerator;

/// <summary>Names of the ABI as C# has them.</summary>
internal static class Names
{
    // Members of Nethereum's FunctionMessage, which a parameter's name must not hide.
    private static readonly HashSet<string> Taken =
    [
        "FromAddress", "Gas", "GasPrice", "Nonce", "AmountToSend", "MaxFeePerGas", "MaxPriorityFeePerGas",
        "TransactionType", "AccessList", "AuthorisationList",
    ];

    /// <summary>"claimData" and "_claim_data" become "ClaimData".</summary>
    public static string Pascal(string name)
    {
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        bool isConstant = words.Length > 0 && name.All(each => !char.IsLower(each));
        return string.Concat(words.Select(word => isConstant && words.Length > 1
            ? word[..1] + word[1..].ToLowerInvariant()
            : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>Distinct property names of parameters; unnamed ones are Value or Item1, Item2.</summary>
    public static IReadOnlyList<string> OfProperties(IReadOnlyList<AbiParameter> parameters)
    {
        HashSet<string> used = [];
        List<string> result = [];
        for (int index = 0; index < parameters.Count; index++)
        {
            string name = Pascal(parameters[index].Name);
            if (name.Length == 0)
            {
                name = parameters.Count == 1
                    ? "Value"
                    : "Item" + (index + 1).ToString(CultureInfo.InvariantCulture);
            }

            name = Taken.Contains(name) ? name + "Argument" : name;
            result.Add(used.Add(name) ? name : name + (index + 1).ToString(CultureInfo.InvariantCulture));
        }

        return result;
    }

    /// <summary>"struct Types.OutputRootProof[]" becomes "OutputRootProof".</summary>
    public static string OfStruct(AbiParameter parameter)
    {
        string source = parameter.InternalType ?? parameter.Name;
        string last = source.Split(' ', '.')[^1];
        int bracket = last.IndexOf('[', StringComparison.Ordinal);
        return Pascal(bracket < 0 ? last : last[..bracket]);
    }

    /// <summary>
    /// The distinct names of entries, in order: the first of several overloads has the bare name, the
    /// others their types behind it.
    /// </summary>
    public static IReadOnlyList<string> OfEntries(IEnumerable<AbiEntry> entries)
    {
        HashSet<string> used = [];
        List<string> result = [];
        foreach (AbiEntry entry in entries)
        {
            string name = Pascal(entry.Name);
            if (!used.Add(name))
            {
                name += "With" + string.Concat(entry.Inputs.Select(each =>
                    Pascal(each.CanonicalType.Replace("[]", "Array", StringComparison.Ordinal))));
                used.Add(name);
            }

            result.Add(name);
        }

        return result;
    }
}
