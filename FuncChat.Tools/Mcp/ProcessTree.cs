using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FuncChat.Tools.Mcp;

/// <summary>The processes that a process has started, and those that they have. Once it has exited, they can no longer be found.</summary>
internal sealed class ProcessTree
{
    private readonly List<Entry> _processes = [];

    private ProcessTree()
    {
    }

    /// <summary>The processes now. Without /proc, none are found.</summary>
    public static ProcessTree Below(int id)
    {
        var tree = new ProcessTree();
        if (!Directory.Exists("/proc/self"))
            return tree;
        var children = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder))
            .Where(name => name.All(char.IsAsciiDigit)).Select(Read).OfType<Entry>().ToLookup(entry => entry.Parent);
        tree.Add(children, id.ToString(CultureInfo.InvariantCulture));
        return tree;
    }

    /// <summary>Ends those that still run.</summary>
    public void Kill()
    {
        foreach (var entry in _processes.Where(entry => Read(entry.Id)?.Start == entry.Start))
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(entry.Id, CultureInfo.InvariantCulture));
                process.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended, or can't be ended.
            }
        }
    }

    private void Add(ILookup<string, Entry> children, string id)
    {
        // They are not read in one moment, so that two that use an id one after the other could seem to have started each other.
        foreach (var child in children[id].Except(_processes))
        {
            _processes.Add(child);
            Add(children, child.Id);
        }
    }

    // After the name of the program, which may have spaces and parentheses: the state, the parent and, as the twentieth, the time of the start.
    private static Entry? Read(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new Entry(id, fields[1], fields[19]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // An id may be used again, but not with the same time.
    private sealed record Entry(string Id, string Parent, string Start);
}
