using System.Globalization;
using System.IO.Pipes;
using FuncChat.Tests.Support;
using FuncChat.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Mcp;

public sealed class McpSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("servers")]
    [InlineData("mcpServers")]
    public void File_of_vs_code_and_of_claude_is_read(string section)
    {
        var path = Write($$"""
            {
              // As VS Code writes it.
              "{{section}}": {
                "My Files_2": { "type": "http", "url": "https://files.example.com/mcp", "headers": { "Authorization": "Bearer ${env:FILES_TOKEN}" } },
                "local": { "command": "npx", "args": ["-y", "server", "${ROOT:-/data}"], "env": { "TOKEN": "${FILES_TOKEN}" } },
                "old": { "type": "sse", "url": "https://old.example.com/sse" },
              }
            }
            """);

        var servers = Read(("FuncChat:Mcp:File", path), ("FILES_TOKEN", "t0k")).ToDictionary(server => server.Name);

        Assert.Equal(new Uri("https://files.example.com/mcp"), servers["My-Files-2"].Url);
        Assert.Equal("FuncChat:Mcp:Servers:My-Files-2:Headers:Authorization", servers["My-Files-2"].Headers["Authorization"]);
        Assert.Equal(["-y", "server", "/data"], servers["local"].Process!.Arguments);
        Assert.Equal("t0k", servers["local"].Process!.Environment["TOKEN"]);
        Assert.True(servers["old"].LegacySse);
    }

    // As the shell opens it for `<(…)`.
    [LinuxFact]
    public void Pipe_that_is_open_is_read()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reading = pipe.ClientSafePipeHandle;
        pipe.Write("""{"servers":{"a":{"url":"https://file.example.com/mcp"}}}"""u8);
        pipe.SafePipeHandle.Dispose();

        Assert.Equal("a", Assert.Single(Read(("FuncChat:Mcp:File", string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{reading.DangerousGetHandle()}")))).Name);
    }

    [Fact]
    public void Settings_override_the_file()
    {
        var path = Write("""{"servers":{"a":{"url":"https://file.example.com/mcp"}}}""");

        var server = Assert.Single(Read(
            ("FuncChat:Mcp:File", path), ("FuncChat:Mcp:Servers:a:Url", "https://set.example.com/mcp"), ("FuncChat:Mcp:Servers:a:Timeout", "00:00:05"),
            ("FuncChat:Mcp:Servers:a:Tools", "one, two")));

        Assert.Equal(("set.example.com", TimeSpan.FromSeconds(5)), (server.Url!.Host, server.Timeout));
        Assert.Equal(["one", "two"], server.Tools!);
    }

    [Theory]
    [InlineData("""{"servers":[]}""", "mcp.json can't be read")]
    [InlineData("{\n\"servers\": {,", "mcp.json can't be read: it is not valid JSON, at line 2.")]
    [InlineData("""{"mcpservers":{"a":{"url":"https://x.test"}}}""", "mcp.json has mcpservers, which is not read, and neither servers nor mcpServers. Example: ")]
    [InlineData("""{"mcp_servers":{"a":{"url":"https://x.test"}}}""", "mcp.json has mcp_servers, which is not read")]
    [InlineData("""{"server":{"a":{"url":"https://x.test"}}}""", "mcp.json has server, which is not read")]
    [InlineData("""{"servers":{"odd":{"command":"npx","args":"-y x"}}}""", "mcp.json has args in the server odd that are not a list of texts. Example: \"args\": [")]
    [InlineData("""{"servers":{"a":{"url":"https://x.test","headers":{"A":"${input:key}"}}}}""", "use ${env:NAME}")]
    [InlineData("""{"servers":{"a":{"url":"https://x.test","headers":{"A":"${MISSING}"}}}}""", "MISSING, which is not set: set it, or write ${MISSING:-} for nothing")]
    [InlineData("", "FuncChat__Mcp__File names an empty file, a pipe or a device")]
    [InlineData("""{"servers":{"good":{"url":"https://x.test"},"odd":"https://x.test"}}""", "has the server odd, which can't be read")]
    [InlineData("""{"servers":{"odd":{"type":5,"url":"https://x.test"}}}""", "has the server odd, which can't be read")]
    [InlineData("""{"servers":{"odd":{"url":"https://x.test/\ud83d"}}}""", "has the server odd, which can't be read")]
    [InlineData("""{"mcpServers":{"odd":{"httpUrl":"https://x.test"}}}""", "has httpUrl in the server odd, which is no field of a server, and neither url nor command. Did you mean url?")]
    [InlineData("""{"servers":{"odd":{"description":"x"}}}""", "has description in the server odd, which is no field of a server, and neither url nor command. Example: ")]
    [InlineData("""{"servers":{"odd":{"disabled":false,"args":["-v"],"comand":"npx"}}}""", "has comand in the server odd, which is no field of a server, and neither url nor command. Did you mean command?")]
    [InlineData("""{"servers":{"odd":{"type":"http","headers":{"A":"t"},"uri":"https://x.test"}}}""", "has uri in the server odd, which is no field of a server, and neither url nor command. Did you mean url?")]
    [InlineData("""{"servers":{"odd":{"type":"http"}}}""", "has the server odd, which has neither url nor command")]
    [InlineData("""{"servers":{"my files":{"url":"https://x.test","headers":{"A":"t"}},"my_files":{"url":"https://y.test"}}}""", "my files and my_files: rename one of them")]
    [InlineData("""{"servers":{"my files":{"url":"https://x.test","maxDuration":-5}}}""", "has maxDuration in the server my files, where it has no effect: set FuncChat__Mcp__Servers__my-files__MaxDuration")]
    [InlineData("""{"servers":{"a":{"url":"https://x.test","Timeout":"soon"}}}""", "has Timeout in the server a, where it has no effect: set FuncChat__Mcp__Servers__a__Timeout")]
    [InlineData("""{"servers":{"a":{"url":"https://x.test","Headers":{"Authorization":"t"}}}}""", "has Headers in the server a, where it has no effect: write headers")]
    [InlineData("""{"servers":{"a":{"command":"x","WorkingDirectory":"y"}}}""", "has WorkingDirectory in the server a, where it has no effect: write cwd")]
    public void Start_fails_with_one_line_when_the_file_is_invalid(string json, string message)
    {
        var path = Write(json);

        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => Read(("FuncChat:Mcp:File", path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_fails_when_the_setting_names_a_folder() => Assert.Contains(
        "FuncChat__Mcp__File names a folder.", Assert.Throws<OptionsValidationException>(() => Read(("FuncChat:Mcp:File", _folder.Path))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"httpUrl":"https://x.test"}""")]
    public void Server_of_the_file_may_have_its_address_in_a_setting(string server)
    {
        var path = Write($$$"""{"servers":{"a":{{{server}}}}}""");

        Assert.Single(Read(("FuncChat:Mcp:File", path), ("FuncChat:Mcp:Servers:a:Url", "https://set.example.com/mcp")));
    }

    [Fact]
    public void Server_of_the_file_with_a_blank_address_is_off()
    {
        var path = Write("""{"servers":{"a":{"url":"${NOT_SET:-}","description":"x"},"b":{"url":"https://x.test"}}}""");

        Assert.Equal("b", Assert.Single(Read(("FuncChat:Mcp:File", path))).Name);
    }

    [Fact]
    public void Server_that_the_file_disables_is_off()
    {
        var path = Write("""{"mcpServers":{"a":{"command":"x","disabled":true},"b":{"url":"https://x.test","disabled":false}}}""");

        Assert.Equal("b", Assert.Single(Read(("FuncChat:Mcp:File", path))).Name);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"servers":{}}""")]
    public void File_may_have_no_server(string json) => Assert.Empty(Read(("FuncChat:Mcp:File", Write(json))));

    [Theory]
    [InlineData("Url", "secret", "__Url is not an absolute http or https URL")]
    [InlineData("Url", "https://xn--ä/", "__Url is not an absolute http or https URL")]
    [InlineData("TokenUrl", "https://xn--ä/", "__TokenUrl is not an absolute http or https URL")]
    [InlineData("Url", "https://user:secret@example.com/", "__Url contains a user name or password")]
    [InlineData("Command", "secret", "__Url must be set, or Command, but not both")]
    [InlineData("Auth", "secret", "__Auth must be one of none, entra, user, oauth, sign-in")]
    [InlineData("Auth", "entra", "__Scope must be set for Auth=entra")]
    [InlineData("Auth", "oauth", "__Auth is oauth, which needs TokenUrl, ClientId and ClientSecret")]
    [InlineData("Timeout", "secret", "__Timeout is not a duration")]
    public void Start_fails_with_a_line_that_names_the_setting_and_not_its_value(string name, string value, string message)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read(
            [.. new Dictionary<string, string> { ["Url"] = "https://x.test", [name] = value }.Select(setting => ($"FuncChat:Mcp:Servers:a:{setting.Key}", setting.Value))]));

        Assert.Contains("FuncChat__Mcp__Servers__a" + message, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_fails_when_a_token_would_be_sent_in_the_clear_or_a_user_token_would_be_needed_later()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read(
            ("FuncChat:Mcp:Servers:a:Url", "http://x.test"), ("FuncChat:Mcp:Servers:a:Auth", "user"), ("FuncChat:Mcp:Servers:a:LongRunning", "true")));

        Assert.Contains("__Url is not https", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("__LongRunning can't be set with Auth=user", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a_b")]
    [InlineData("a-name-of-more-than-24-letters")]
    public void Start_fails_when_a_servers_name_does_not_fit_into_names_of_tools(string name) =>
        Assert.Contains("name that is not allowed", Assert.Throws<OptionsValidationException>(() => Read(($"FuncChat:Mcp:Servers:{name}:Url", "https://x.test"))).Message, StringComparison.Ordinal);

    private string Write(string json)
    {
        var path = Path.Combine(_folder.Path, "mcp.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static IReadOnlyList<McpServerSettings> Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        using var services = new ServiceCollection().AddMcpServers(configuration, startProcesses: false).BuildServiceProvider();
        return services.GetRequiredService<IOptions<McpSettings>>().Value.Servers;
    }
}
