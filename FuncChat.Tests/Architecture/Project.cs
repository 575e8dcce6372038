using System.Xml.Linq;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>A project of the repository, as its csproj file says.</summary>
internal sealed record Project(string Name, IReadOnlyList<string> References, IReadOnlyList<string> FrameworkReferences)
{
    /// <summary>Every project; each is in a folder with its name, in the root or in bench/.</summary>
    public static IReadOnlyList<Project> All { get; } =
    [
        .. new[] { Repository.Root, Repository.PathOf("bench") }
            .SelectMany(Directory.EnumerateDirectories)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(Read),
    ];

    private static Project Read(string path)
    {
        var project = XDocument.Load(path);
        return new(
            Path.GetFileNameWithoutExtension(path),
            [.. Included(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))],
            [.. Included(project, "FrameworkReference")]);
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
