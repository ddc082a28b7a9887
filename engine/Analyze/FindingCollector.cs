namespace Culverin.Analyze;

/// <summary>Gathers the places of one finding: counts all, keeps the first few of each reach.</summary>
internal sealed class FindingCollector(string explanation)
{
    private readonly List<CodePlace>[] _byReach = [[], [], []];

    /// <summary>The effect in words.</summary>
    public string Explanation { get; } = explanation;

    /// <summary>The functions around all places, with the nearest reach of each name.</summary>
    public Dictionary<string, CodeReach> Functions { get; } = [];

    /// <summary>How many places were added.</summary>
    public int Count { get; private set; }

    /// <summary>The nearest reach of all places.</summary>
    public CodeReach Reach { get; private set; }

    /// <summary>Adds a place.</summary>
    public void Add(CodePlace place)
    {
        Count++;
        if (!Functions.TryGetValue(place.Function, out CodeReach known) || known < place.Reach)
        {
            Functions[place.Function] = place.Reach;
        }

        if (place.Reach > Reach)
        {
            Reach = place.Reach;
        }

        List<CodePlace> kept = _byReach[(int)place.Reach];
        if (kept.Count < AnalysisReport.PlacesMax)
        {
            kept.Add(place);
        }
    }

    /// <summary>The first places, nearest reach first.</summary>
    public IReadOnlyList<CodePlace> Places() =>
    [
        .. _byReach[(int)CodeReach.Direct]
            .Concat(_byReach[(int)CodeReach.Indirect])
            .Concat(_byReach[(int)CodeReach.NotSeen])
            .Take(AnalysisReport.PlacesMax),
    ];
}
