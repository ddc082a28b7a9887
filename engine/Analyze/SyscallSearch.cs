using Culverin.Execute;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>Says of each system call in the code what the version makes of it.</summary>
internal sealed class SyscallSearch(GuestCode code, Reachability reachability, FeatureSet features)
{
    private const uint GetDescriptorFlags = 1;

    private readonly Dictionary<ulong, SyscallEntry> _served =
        SyscallTable.Of(features).ToDictionary(entry => (ulong)entry.Number);

    private readonly Dictionary<(ulong? Number, string Name, FindingEffect Effect), FindingCollector> _found =
        [];

    /// <summary>Groups the places by call.</summary>
    /// <param name="sites">All system call instructions.</param>
    /// <param name="isSkipped">Tells functions that are never executed.</param>
    /// <returns>The findings, unordered.</returns>
    public List<SyscallFinding> Search(
        IEnumerable<SyscallSite> sites, Predicate<CodeFunction> isSkipped)
    {
        foreach (SyscallSite site in sites)
        {
            int function = code.Around(site.Address);
            if (!isSkipped(code.Functions[function]))
            {
                Add(site, function);
            }
        }

        List<SyscallFinding> findings = [];
        foreach (((ulong? number, string name, FindingEffect effect), FindingCollector places) in _found)
        {
            findings.Add(new SyscallFinding
            {
                Number = number,
                Name = name,
                Effect = effect,
                Explanation = places.Explanation,
                Count = places.Count,
                Reach = places.Reach,
                Places = places.Places(),
                Functions = places.Functions,
            });
        }

        return findings;
    }

    private void Add(SyscallSite site, int function)
    {
        (string name, FindingEffect effect, string explanation) = Judge(site);
        (ulong? Number, string Name, FindingEffect Effect) key = (site.Number, name, effect);
        if (!_found.TryGetValue(key, out FindingCollector? places))
        {
            places = new FindingCollector(explanation);
            _found.Add(key, places);
        }

        places.Add(new CodePlace(site.Address, code.Functions[function].Name, reachability[function]));
    }

    private (string Name, FindingEffect Effect, string Explanation) Judge(SyscallSite site)
    {
        if (site.Number is not { } number)
        {
            return ("unknown", FindingEffect.NumberUnknown, "the number is not known statically");
        }

        LinuxSyscall? linux = number <= uint.MaxValue ? LinuxSyscalls.Find((uint)number) : null;
        if (_served.TryGetValue(number, out SyscallEntry? entry))
        {
            return JudgeServed(site, entry, linux);
        }

        string name = linux?.Name ?? "unknown";
        if (features.HasThreads)
        {
            return (
                name,
                FindingEffect.PanicsAsUnknownSyscall,
                "the version does not know it: the step cannot be executed");
        }

        string consequence = linux?.Consequence ?? "this is not a common Linux call";
        return consequence.Length == 0
            ? (name, FindingEffect.AnsweredZero, "answered 0 without effect")
            : (name, FindingEffect.Misleads, $"answered 0 without effect: {consequence}");
    }

    // What a version does nothing for is as good as one that it answers 0 to.
    private (string Name, FindingEffect Effect, string Explanation) JudgeServed(
        SyscallSite site, SyscallEntry entry, LinuxSyscall? linux)
    {
        if (entry.Name == "fcntl"
            && site.SecondArgument == GetDescriptorFlags
            && !features.HasFcntlGetFd)
        {
            return ("fcntl(F_GETFD)", FindingEffect.Misleads, "fails with EINVAL in this version");
        }

        bool isIdle = entry.IsIdle || (entry.Name == "clone" && !features.HasThreads);
        return isIdle && linux is { Consequence.Length: > 0 }
            ? (entry.Name, FindingEffect.Misleads, $"{entry.Summary}; {linux.Consequence}")
            : (entry.Name, FindingEffect.Served, entry.Summary);
    }
}
