using System.Net;
using System.Net.Sockets;
using FuncChat.Local;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Local;

/// <summary>
/// A wrong start is one line with a valid example and exit code 1. The real process shows one of each kind; for the others, the test's own process builds and starts
/// the application, whose exception is what the real one prints.
/// </summary>
public sealed class WrongStartTests : IDisposable
{
    private const string FreeUrl = "http://127.0.0.1:0";
    private const string Endpoint = "Kestrel__Endpoints__Api__Url";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Server_names_a_wrong_address() => AssertLineAsync("--urls is not an address to listen on. Example: --urls http://127.0.0.1:7071", "localhost:7071");

    [Theory]
    [InlineData("http://127.0.0.1:99999", "--urls names a port that does not exist: 99999. Example: --urls http://127.0.0.1:7071")]
    [InlineData("http://203.0.113.1:7071", "FuncChat__Auth__AllowAnonymous is not true")]
    [InlineData("http://0.0.0.0:0", "FuncChat__Auth__AllowAnonymous is not true")]
    public Task Address_that_is_wrong_is_named(string url, string line) => AssertRefusedAsync(line, url);

    [Theory]
    [InlineData("FuncChat__Turns__MaxDuration", "5 minutes", "FuncChat__Turns__MaxDuration ")]
    [InlineData("FuncChat__Turns__MaxDuraton", "300", "FuncChat__Turns__MaxDuraton is not a setting. Did you mean FuncChat__Turns__MaxDuration?")]
    [InlineData("FuncChat__Auth__ApiKeys__ci__Hash", "canary", "FuncChat__Auth__ApiKeys__ci__Hash must be the SHA-256 of a key in 64 hex digits; see")]
    public Task Server_names_a_wrong_setting(string name, string value, string line) => AssertLineAsync(line, FreeUrl, (name, value));

    [Theory]
    [InlineData("FuncChat__ServePage", "maybe", "FuncChat__ServePage must be true or false. Example: false")]
    [InlineData("FuncChat__DataPath", "/proc/nope", "FuncChat__DataPath is not a folder that the server can write to. Example: /var/lib/funcchat")]
    [InlineData("FuncChat__TurnLog__ConnectionString", "foo", "FuncChat__TurnLog__ConnectionString ")]
    [InlineData("FuncChat__Usage__ConnectionString", "foo", "FuncChat__Usage__ConnectionString ")]
    [InlineData("FuncChat__Turns__MaxToolResult", "10", "FuncChat__Turns__MaxToolResult must be a whole number of at least 1000. Example: 100000")]
    [InlineData("FuncChat__Limits__RequestsPerMinute", "-1", "FuncChat__Limits__RequestsPerMinute must be a whole number of at least 0")]
    [InlineData("FuncChat__Limits__TokensPerDay", "-1", "FuncChat__Limits__TokensPerDay must be a whole number of at least 0")]
    [InlineData("FuncChat__Provders__ollama__Url", "http://localhost:1/v1", "FuncChat__Provders__ollama__Url is not a setting. Did you mean FuncChat__Providers__<name>__Url?")]
    [InlineData("FuncChat__Demo_WordDelay", "0", "FuncChat__Demo_WordDelay is not a setting. Did you mean FuncChat__Demo__WordDelay?")]
    [InlineData("FuncChat__Auth__ApiKeys__CI__Hash", "canary", "FuncChat__Auth__ApiKeys__CI__Hash has a name that is not allowed: use up to 32 of a-z, 0-9 and -. Example: FuncChat__Auth__ApiKeys__my-program__Hash")]
    [InlineData("FuncChat__Threads__TitleModel", "foo:bar", "FuncChat__Threads__TitleModel names no configured model, or more than one. Example: demo:")]
    [InlineData("FuncChat__Cors__Origins", "https://chat.example.com/", "FuncChat__Cors__Origins must be exact origins separated by commas, without a path or a / at the end,")]
    [InlineData("OPENAI_API_KEY", "sk 1", "OPENAI_API_KEY contains what no key has, such as a space, a line break or quotes around it: copy the key again.")]
    [InlineData("OPENAI_API_KEY", "\"canary\"", "OPENAI_API_KEY contains what no key has, such as a space, a line break or quotes around it: copy the key again.")]
    [InlineData("BRAVE_API_KEY", "'canary'", "BRAVE_API_KEY contains what no key has, such as a space, a line break or quotes around it: copy the key again.")]
    [InlineData("OPENAI_MODELS", "canary;gpt-5", "OPENAI_MODELS is not a list of model names separated by commas, without ; or quotes. Example: gpt-4o-mini,gpt-4o")]
    public Task Setting_that_is_wrong_is_named(string name, string value, string line) => AssertRefusedAsync(line, FreeUrl, Option(name, value));

    [Theory]
    [InlineData("local.settings.json", "{\n\"Values\": {bad}", "local.settings.json is not valid JSON, at line 2. Example: { \"Values\": { ")]
    [InlineData("local.settings.json", "", "local.settings.json is an empty file, a pipe or a device. Example: ")]
    [InlineData("local.settings.json", "[]", "local.settings.json must be a JSON object with the settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"OPENAI_API_KEY":"canary"}""", "local.settings.json must have all of its settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"values":{"OPENAI_API_KEY":"canary"}}""", "local.settings.json must have all of its settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"Values":null,"OPENAI_API_KEY":"canary"}""", "local.settings.json must have all of its settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"Values":{"OPENAI_API_KEY":"sk-test"},"OPENAI_MODELS":"canary"}""", "local.settings.json must have all of its settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"Values":{"FuncChat":{"Turns":{"MaxPerUser":"canary"}}}}""", "local.settings.json has an object at FuncChat: write each setting on one level, with __ between the parts of its name. Example: ")]
    [InlineData("local.settings.json", """{"Values":{"OPENAI_MODELS":["canary"]}}""", "local.settings.json has an array at OPENAI_MODELS: write one text, with commas between its entries. Example: ")]
    [InlineData("local.settings.json", """{"Values":["canary"]}""", "local.settings.json must have all of its settings under Values. Example: ")]
    [InlineData("local.settings.json", """{"Values":{"FuncChat:Turns:MaxToolResult":"5000","FuncChat__Turns__MaxToolResult":"10"}}""", "FuncChat__Turns__MaxToolResult must be a whole number of at least 1000")]
    [InlineData("appsettings.json", "{\n\n{", "Failed to load configuration from file")]
    [InlineData("appsettings.json", """{"Logging":{"LogLevel":{"Default":"Verbose"}}}""", "Logging__LogLevel__Default must be one of Trace, Debug, Information, Warning, Error, Critical, None. Example: Warning")]
    [InlineData("appsettings.json", """{"Logging":{"Console":{"LogLevel":{"FuncChat":"all"}}}}""", "Logging__Console__LogLevel__FuncChat must be one of Trace,")]
    public async Task Server_names_a_wrong_file_of_settings(string name, string text, string line)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, name), text);

        await AssertLineAsync(line, FreeUrl);
    }

    [Fact]
    public async Task Server_names_a_folder_in_place_of_a_file_of_settings()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "local.settings.json"));

        await AssertLineAsync("local.settings.json is a folder. Example: ", FreeUrl);
    }

    [Theory]
    [InlineData("""{"Values":null}""")]
    [InlineData("""{"$schema":"https://example.com/local.settings.schema.json","//":"See README.md","IsEncrypted":false}""")]
    public async Task File_of_settings_may_have_none(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "local.settings.json"), text);

        var start = await LocalStart.TryAsync(_folder.Path, FreeUrl);

        Assert.True(start.Listens, start.Output + start.Error);
    }

    [Fact]
    public async Task Server_names_a_port_that_is_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await AssertLineAsync($"--port {port} is in use by another program. Example: --port {port + 1}", $"http://127.0.0.1:{port}");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Server_without_a_page_says_so_at_its_address(string method)
    {
        var port = UnusedPort.Find();
        await using var app = await LocalApp.BuildAsync(
            [$"--port={port}", $"--contentRoot={_folder.Path}", $"--FuncChat:DataPath={_folder.Path}", "--FuncChat:ServePage=false", "--Logging:LogLevel:Default=None"]);
        await app.ListenAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{port}/");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Server_names_a_port_that_another_program_takes_after_the_check()
    {
        var port = UnusedPort.Find();
        await using var app = await LocalApp.BuildAsync(
            [$"--port={port}", $"--contentRoot={_folder.Path}", $"--FuncChat:DataPath={_folder.Path}", "--FuncChat:ServePage=false", "--Logging:LogLevel:Default=None"]);
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(app.ListenAsync);

        Assert.Equal([$"--port {port} is in use by another program. Example: --port {port + 1}"], wrong.Failures);
    }

    [Fact]
    public async Task Server_names_the_default_data_folder_that_it_cannot_write_to()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, ".funcchat"), "");

        await AssertLineAsync("FuncChat__DataPath is not set, and the server can't write to .funcchat in the working folder. Example: /var/lib/funcchat", FreeUrl, ("FuncChat__DataPath", ""));
    }

    [Fact]
    public Task Server_names_a_wrong_endpoint() =>
        AssertLineAsync("Kestrel__Endpoints__Api__Url is not an address to listen on. Example: http://127.0.0.1:7071", FreeUrl, (Endpoint, "garbage"));

    [Theory]
    [InlineData("http://127.0.0.1:99999", "Kestrel__Endpoints__Api__Url names a port that does not exist: 99999. Example: http://127.0.0.1:7071")]
    [InlineData("http://0.0.0.0:0", "FuncChat__Auth__AllowAnonymous is not true")]
    public Task Endpoint_that_is_wrong_is_named(string url, string line) => AssertRefusedAsync(line, FreeUrl, Option(Endpoint, url));

    [Fact]
    public async Task Server_names_an_endpoint_whose_port_is_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        await AssertLineAsync("Kestrel__Endpoints__Api__Url names the port ", FreeUrl, ("Kestrel__Endpoints__Api__Url", url));
    }

    [Fact]
    public async Task Address_that_an_endpoint_replaces_may_be_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var start = await LocalStart.TryAsync(_folder.Path, $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", ("Kestrel__Endpoints__Api__Url", FreeUrl));

        Assert.True(start.Listens, start.Output + start.Error);
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__Api__Protocols", "Http1", "The endpoint Api is missing the required 'Url' parameter.")]
    [InlineData("Kestrel__Endpoints__Api__Url", "https://127.0.0.1:0", "Unable to configure HTTPS endpoint. No server certificate was specified")]
    [InlineData("Kestrel__Endpoints__Api__Url", "http://unix:/nope/socket", "Cannot assign requested address.")]
    public async Task Server_explains_in_a_line_why_it_cannot_listen(string name, string value, string reason)
    {
        var start = await LocalStart.TryAsync(_folder.Path, FreeUrl, (name, value), ("HOME", _folder.Path));

        Assert.Equal((false, 1), (start.Listens, start.ExitCode));
        Assert.StartsWith(
            $"Error in a setting: --urls or Kestrel__Endpoints has an address that the server can't listen on. {reason}",
            Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_prints_where_it_is_which_models_answer_and_who_may_use_it_when_it_listens()
    {
        using var process = LocalProgram.Start(_folder.Path, FreeUrl, readErrors: false);
        var lines = new List<string>();

        // The log is written by another thread, in between.
        while (lines.Count < 3 && await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("FuncChat is ready: ", StringComparison.Ordinal) || line.StartsWith("Models: ", StringComparison.Ordinal) || line.StartsWith("Access: ", StringComparison.Ordinal))
                lines.Add(line);
        }

        process.Kill();
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("FuncChat is ready: http://127.0.0.1:", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Models: the scripted demo only.", lines[1], StringComparison.Ordinal);
        Assert.Equal("Access: this machine only, without sign-in", lines[2]);
    }

    [Theory]
    [InlineData("--port", "8080")]
    [InlineData("--port=8080")]
    public void Port_is_short_for_an_address_of_this_machine(params string[] args) =>
        Assert.Equal(["--urls", "http://127.0.0.1:8080"], CommandLine.WithPort(args));

    [Theory]
    [InlineData("--port", "abc")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "-1")]
    [InlineData("--port")]
    [InlineData("--port=")]
    public void Port_that_is_none_is_named_with_an_example(params string[] args)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => CommandLine.WithPort(args));

        Assert.Equal(["--port must be a number from 0 to 65535. Example: --port 8080"], wrong.Failures);
    }

    [Fact]
    public async Task Server_names_a_wrong_argument()
    {
        var start = await LocalStart.TryAsync(_folder.Path, FreeUrl, ["canary"], []);

        Assert.Equal((false, 1), (start.Listens, start.ExitCode));
        Assert.StartsWith("Error in a setting: The command line has a value that belongs to no option. --help shows the options. Example: --port 8080", Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", start.Output + start.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080 is not an option: --port must precede a port. Example: --port 8080", "8080")]
    [InlineData("The command line has a value that belongs to no option.", "canary==")]
    [InlineData("The command line has a value that belongs to no option.", "/canary+1==")]
    [InlineData("The command line has a value that belongs to no option.", "-p")]
    [InlineData("The command line has a value that belongs to no option.", "-port=8080")]
    [InlineData("The command line has a value that belongs to no option.", "--")]
    [InlineData("--FuncChat:Demo:WordDelay has no value. Example: --FuncChat:Demo:WordDelay <value>", "--FuncChat:Demo:WordDelay")]
    [InlineData("--urls has no value. Example: --urls http://127.0.0.1:8080", "--urls")]
    [InlineData("--prt is not an option. Did you mean --port? --help shows the options.", "--prt", "8080")]
    [InlineData("--prt is not an option. Did you mean --port?", "--prt=8080")]
    [InlineData("--prt is not an option. Did you mean --port?", "prt=8080")]
    [InlineData("--OPENAI_KEY is not an option. Did you mean --OPENAI_API_KEY?", "--OPENAI_KEY", "canary")]
    [InlineData("--DataPath is not an option. --help shows the options.", "--DataPath", "/tmp")]
    [InlineData("--contentRoot names a folder that does not exist.", "--contentRoot", "/no/such/folder")]
    [InlineData("--FuncChat__Demo__WordDelay is not an option. On the command line, write : in place of __. Example: --FuncChat:Demo:WordDelay", "--FuncChat__Demo__WordDelay", "0")]
    [InlineData("FuncChat__Demo__WordDely is not a setting. Did you mean FuncChat__Demo__WordDelay?", "--FuncChat:Demo:WordDely", "0")]
    public Task Argument_that_is_wrong_is_named(string line, params string[] arguments) => AssertRefusedAsync(line, FreeUrl, arguments);

    [Fact]
    public async Task Server_accepts_every_form_of_an_option()
    {
        var start = await LocalStart.TryAsync(
            _folder.Path, FreeUrl, ["--FuncChat:Demo:WordDelay", "0", "--OPENAI_MODELS=a=b", "/FuncChat:Turns:MaxPerUser=5", "Logging:LogLevel:Default=Information", "--environment", "Production"], []);

        Assert.True(start.Listens, start.Output + start.Error);
    }

    [Theory]
    [InlineData("AZURE_OPENAI_ENDPOINT", "Note: AZURE_OPENAI_ENDPOINT is not read. For Azure OpenAI, set FuncChat__Providers__azure__Url=")]
    [InlineData("AZURE_OPENAI_API_KEY", "Note: AZURE_OPENAI_API_KEY is not read.")]
    [InlineData("ANTHROPIC_AUTH_TOKEN", "Note: ANTHROPIC_AUTH_TOKEN is not read. For Claude, set ANTHROPIC_API_KEY")]
    public async Task Server_names_the_key_of_another_program_that_it_does_not_read(string name, string note)
    {
        using var process = LocalProgram.Start(_folder.Path, FreeUrl, readErrors: false, (name, "canary"));
        var lines = new List<string>();

        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("Note: ", StringComparison.Ordinal))
                break;
        }

        process.Kill();
        Assert.StartsWith(note, lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("canary", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_is_asked_for(string argument) => Assert.True(CommandLine.AsksForHelp(["--port", "8080", argument]));

    [Theory]
    [InlineData("v20.19.0", true)]
    [InlineData("v22.12.0", true)]
    [InlineData("v24.0.0", true)]
    [InlineData("v18.20.8", false)]
    [InlineData("v20.18.9", false)]
    [InlineData("v21.7.0", false)]
    [InlineData("v22.11.0", false)]
    [InlineData("", false)]
    public void Node_fits_when_the_page_can_be_built_with_it(string version, bool fits) => Assert.Equal(fits, NodeVersion.Fits(version));

    [Fact]
    public void Page_is_installed_again_after_an_interrupted_installation_and_built_again_when_a_source_is_newer()
    {
        var old = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Write("package-lock.json", old);
        Write("src/app.tsx", old);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "node_modules"));
        Assert.Equal(["ci", "run build"], PageBuild.StepsFor(_folder.Path));

        Write("node_modules/.package-lock.json", old.AddHours(1));
        Assert.Equal(["run build"], PageBuild.StepsFor(_folder.Path));

        Write("dist/index.html", old.AddHours(2));
        Assert.Empty(PageBuild.StepsFor(_folder.Path));

        Write("src/app.tsx", old.AddHours(3));
        Assert.Equal(["run build"], PageBuild.StepsFor(_folder.Path));

        Write("package-lock.json", old.AddHours(4));
        Assert.Equal(["ci", "run build"], PageBuild.StepsFor(_folder.Path));
    }

    private void Write(string name, DateTime time)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
        File.SetLastWriteTimeUtc(path, time);
    }

    private static string Option(string name, string value) => $"--{name.Replace("__", ":", StringComparison.Ordinal)}={value}";

    private async Task AssertRefusedAsync(string line, string url, params string[] arguments)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = await LocalApp.BuildAsync(
                ["--urls", url, $"--contentRoot={_folder.Path}", "--environment=Production", $"--FuncChat:DataPath={_folder.Path}", "--FuncChat:ServePage=false", .. arguments]);
            await app.ListenAsync();
        });

        var failure = Assert.Single(wrong.Failures.Distinct(StringComparer.Ordinal));
        Assert.StartsWith(line, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure, StringComparison.Ordinal);
    }

    private async Task AssertLineAsync(string line, string url, params (string Name, string Value)[] environment)
    {
        var start = await LocalStart.TryAsync(_folder.Path, url, environment);

        Assert.True(start.ExitCode == 1, $"{start.ExitCode}: {start.Output}\n{start.Error}"); // it has none if it listens
        Assert.StartsWith($"Error in a setting: {line}", Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(start.Output);
    }
}
