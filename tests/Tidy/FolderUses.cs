using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Culverin.Tidy.Tests;

/// <summary>
/// Which folder uses which, as the compiler sees it: every name is resolved to what it means, whether it is
/// written short, in full, or comes without any using directive.
/// </summary>
internal static class FolderUses
{
    private static readonly Lazy<MetadataReference[]> Platform = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>What ImplicitUsings of Directory.Build.props adds to each project.</summary>
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>
    /// Compiles sources as far as names need it: what generators would add, and packages, are not there.
    /// </summary>
    public static CSharpCompilation Compile(
        string name, IEnumerable<SourceFile> files, params CSharpCompilation[] projects)
    {
        CSharpParseOptions options = new(LanguageVersion.Preview, DocumentationMode.None);
        return CSharpCompilation.Create(
            name,
            files.Append(new SourceFile("ImplicitUsings.g.cs", ImplicitUsings))
                .Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)),
            [.. Platform.Value, .. projects.Select(project => project.ToMetadataReference())],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>One sentence for each use of a folder that comes later, and for each homeless file.</summary>
    public static IEnumerable<string> Upward(CSharpCompilation compilation, FolderOrder order) =>
        compilation.SyntaxTrees
            .Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .AsParallel()
            .SelectMany(tree => Upward(compilation, tree, order))
            .Order();

    /// <summary>The names of all public types that are not inside of others.</summary>
    public static IEnumerable<string> PublicTypes(CSharpCompilation compilation) =>
        TypesIn(compilation.Assembly.GlobalNamespace)
            .Where(type => type.DeclaredAccessibility == Accessibility.Public)
            .Select(type => type.ToDisplayString());

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(TypesIn));

    private static List<string> Upward(CSharpCompilation compilation, SyntaxTree tree, FolderOrder order)
    {
        if (order.PlaceOf(tree.FilePath) is not { } own)
        {
            return [$"{tree.FilePath} is in a folder that has no place in the order"];
        }

        List<string> violations = [];
        SemanticModel model = compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            SymbolInfo info = model.GetSymbolInfo(name);
            foreach (ISymbol symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols)
            {
                if (FileOf(symbol) is { } file && file != tree.FilePath && order.PlaceOf(file) > own)
                {
                    int line = tree.GetLineSpan(name.Span).StartLinePosition.Line + 1;
                    violations.Add($"{tree.FilePath}:{line} uses {name} of {file}");
                    break;
                }
            }
        }

        return violations;
    }

    // Namespaces are no use: what is used is a type, or a member of one.
    private static string? FileOf(ISymbol symbol)
    {
        ISymbol? type = symbol is INamedTypeSymbol ? symbol : symbol.ContainingType;
        return type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath;
    }
}
