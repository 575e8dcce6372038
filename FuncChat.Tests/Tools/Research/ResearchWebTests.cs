using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Tools.Research;

public sealed class ResearchWebTests
{
    [Fact]
    public async Task Research_searches_and_reads_over_http()
    {
        await using var site = await StartSiteAsync();
        var address = new Uri(site.Urls.Single());
        await using var services = new ServiceCollection().AddLogging().AddFuncChatTools(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["SEARXNG_URL"] = address.AbsoluteUri, ["FuncChat:Web:AllowedPrivateHosts"] = address.Authority }).Build())
            .BuildServiceProvider();
        var research = await services.GetRequiredService<ToolCatalog>().GetAsync("research");
        var run = new JournaledRun((phase, _) => phase switch { "research_plan" => """["tides"]""", "page_summary" => "It rises.", _ => "It rises [1]." });

        var result = Assert.IsType<JsonElement>(await research.Function.InvokeAsync(
            Tool.ArgumentsFor(run, new Dictionary<string, object?> { ["question"] = "Why tides?" })));

        var source = Assert.Single(result.GetProperty("sources").EnumerateArray());
        Assert.Equal(("Tides", $"{address}page"), (source.GetProperty("title").GetString(), source.GetProperty("url").GetString()));
        var failed = result.GetProperty("failed").EnumerateArray().ToDictionary(
            item => item.GetProperty("url").GetString()!, item => item.GetProperty("error").GetString()!);
        Assert.Contains("404", failed[$"{address}gone"], StringComparison.Ordinal);
        Assert.Contains("http://169.254.169.254/secret", failed.Keys);
        Assert.Contains("The sea rises", Assert.Single(run.Asked, asked => asked.Phase == "page_summary").Prompt, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartSiteAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.Run(context => context.Request.Path.Value switch
        {
            "/search" => context.Response.WriteAsJsonAsync(new
            {
                results = new[] { "page", "page#part", "gone" }.Select(path => $"{context.Request.Scheme}://{context.Request.Host}/{path}")
                    .Append("http://169.254.169.254/secret")
                    .Select(url => new { url, title = "Found", content = "" }),
            }),
            "/page" => context.Response.WriteAsync("<!doctype html><title>Tides</title><p>The sea rises and falls.</p>"),
            _ => Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound),
        });
        await site.StartAsync();
        return site;
    }
}
