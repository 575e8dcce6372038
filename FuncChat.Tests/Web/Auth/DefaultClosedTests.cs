using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Auth;

/// <summary>The real process, which does not start where it would be open by mistake.</summary>
public sealed class DefaultClosedTests : IDisposable
{
    private const string AnyAddress = "http://0.0.0.0:0";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AnyAddress)]
    [InlineData("http://*:0")]
    public async Task Server_refuses_an_address_that_others_reach_when_nothing_says_who_may_use_it(string url)
    {
        var start = await LocalStart.TryAsync(_folder.Path, url);

        Assert.False(start.Listens);
        Assert.Equal(1, start.ExitCode);
        Assert.StartsWith("Error in a setting: FuncChat__Auth__AllowAnonymous is not true", start.Error, StringComparison.Ordinal);
        Assert.Contains("does not listen on", start.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    public async Task Server_starts_on_its_own_machines_address_when_nothing_is_set(string url)
    {
        var start = await LocalStart.TryAsync(_folder.Path, url);

        Assert.True(start.Listens, start.Error);
    }

    [Theory]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("WEBSITE_POD_NAME")]
    public async Task Server_refuses_to_start_inside_azure_when_nothing_says_who_may_use_it(string mark)
    {
        var start = await LocalStart.TryAsync(_folder.Path, "http://127.0.0.1:0", (mark, "x"));

        Assert.False(start.Listens);
        Assert.Equal(1, start.ExitCode);
        Assert.Contains("in Azure anyone could use the server", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_starts_anywhere_with_a_warning_when_anonymous_access_is_enabled()
    {
        var start = await LocalStart.TryAsync(_folder.Path, AnyAddress, ("FuncChat__Auth__AllowAnonymous", "true"), ("WEBSITE_INSTANCE_ID", "x"));

        Assert.True(start.Listens, start.Error);
        Assert.Contains("warn: FuncChat.Web.Auth.InsecureSetupWarning[402]", start.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_starts_anywhere_and_warns_that_no_user_is_allowed_when_the_list_is_empty()
    {
        var start = await LocalStart.TryAsync(_folder.Path, AnyAddress, ("GOOGLE_CLIENT_ID", "the-page"));

        Assert.True(start.Listens, start.Error);
        Assert.Contains("warn: FuncChat.Web.Auth.InsecureSetupWarning[404]", start.Output, StringComparison.Ordinal);
        Assert.Contains("none of them is allowed in", start.Output, StringComparison.Ordinal);
    }
}
