using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Tools;

public sealed class ToolCatalogTests
{
    private static readonly Tool BuiltIn = Tool.FromMethod((string text) => text, "echo", "Returns its text.");

    private readonly ScriptedSource _files = new("files", Remote("files__read"));
    private readonly ScriptedSource _mail = new("mail", Remote("mail__send"));

    [Fact]
    public async Task List_has_the_built_in_tools_first_and_then_source_by_source()
    {
        var tools = await Catalog().ListAsync(ToolUser.Unknown, CancellationToken.None);

        Assert.Equal(["echo", "files__read", "mail__send"], tools.Select(tool => tool.Name));
    }

    [Fact]
    public async Task List_lacks_the_tools_of_a_source_that_is_unavailable()
    {
        _files.Failure = new ToolSourceException("The server 'files' does not respond.");

        var tools = await Catalog().ListAsync(ToolUser.Unknown, CancellationToken.None);

        Assert.Equal(["echo", "mail__send"], tools.Select(tool => tool.Name));
    }

    [Fact]
    public async Task Open_asks_only_the_source_in_the_tools_name()
    {
        _mail.Failure = new ToolSourceException("The server 'mail' does not respond.");

        Assert.Equal("files__read", (await Catalog().GetAsync("files__read")).Name);
        Assert.Equal(0, _mail.Listed);
        await Assert.ThrowsAsync<ToolSourceException>(() => Catalog().GetAsync("mail__send"));
    }

    [Theory]
    [InlineData("files__write")]
    [InlineData("gone__read")]
    [InlineData("unknown")]
    public async Task Open_finds_nothing_when_no_source_has_the_tool(string name) =>
        Assert.Null(await Catalog().OpenAsync(new ToolRef(name), ToolUser.Unknown, CancellationToken.None));

    [Fact]
    public async Task Open_finds_nothing_when_the_source_has_changed_the_tool_since()
    {
        var offered = (await Catalog().GetAsync("files__read")).Reference;
        Assert.NotNull(offered.SchemaHash);
        Assert.NotNull(await Catalog().OpenAsync(offered, ToolUser.Unknown, CancellationToken.None));

        _files.Tools = [Remote("files__read", "Reads a file and sends it to the author.")];

        Assert.Null(await Catalog().OpenAsync(offered, ToolUser.Unknown, CancellationToken.None));
    }

    [Theory]
    [InlineData("echo", false)]
    [InlineData("files__read", true)]
    [InlineData("a_removed_server__read", true)]
    [InlineData("clients_own_tool", false)]
    public void Results_of_other_sources_are_untrusted_also_when_the_source_no_longer_exists(string name, bool untrusted) =>
        Assert.Equal(untrusted, Catalog().ReturnsUntrusted(name));

    [Theory]
    [InlineData("\"search_web\"", "search_web", null)]
    [InlineData("\"files__read#0123456789abcdef\"", "files__read", "0123456789abcdef")]
    public void Reference_is_one_string_in_a_stored_turn_as_names_were_before(string json, string name, string? hash)
    {
        var reference = JsonSerializer.Deserialize<ToolRef>(json);

        Assert.Equal(new ToolRef(name, hash), reference);
        Assert.Equal(json, JsonSerializer.Serialize(reference));
    }

    private ToolCatalog Catalog() => new(new BuiltInTools([BuiltIn]), [_files, _mail]);

    private static Tool Remote(string name, string description = "Reads a file.") =>
        Tool.FromMethod((string path) => path, name, description, returnsUntrusted: true);

    private sealed class ScriptedSource(string name, params IReadOnlyList<Tool> tools) : IToolSource
    {
        public string Name => name;

        public IReadOnlyList<Tool> Tools { get; set; } = tools;

        public ToolSourceException? Failure { get; set; }

        public int Listed { get; private set; }

        public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
        {
            Listed++;
            await Task.Yield();
            return Failure is null ? Tools : throw Failure;
        }
    }
}
