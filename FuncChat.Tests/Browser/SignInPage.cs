using Microsoft.Playwright;

namespace FuncChat.Tests.Browser;

/// <summary>What a user does to sign in and out, on the page and on the issuer's.</summary>
internal static class SignInPage
{
    /// <summary>Everything that a page can store in a browser, and its address.</summary>
    private const string AllKept =
        """
        async () => {
          const kept = [location.href, document.cookie, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
          for (const { name } of await indexedDB.databases()) {
            kept.push(name);
            const database = await new Promise((done, fail) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => done(opening.result);
              opening.onerror = fail;
            });
            for (const store of database.objectStoreNames) {
              kept.push(JSON.stringify(await new Promise((done, fail) => {
                const reading = database.transaction(store).objectStore(store).getAll();
                reading.onsuccess = () => done(reading.result);
                reading.onerror = fail;
              })));
            }
            database.close();
          }
          for (const name of await caches.keys())
            kept.push(name);
          return kept.join('\n');
        }
        """;

    public static ILocator Title(this ChatPage page) => page.Page.Locator("h1").Last;

    public static ILocator Continue(this ChatPage page) => page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with Test Issuer" });

    public static ILocator SignOut(this ChatPage page) => page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });

    /// <summary>Opens the issuer from the page's sign-in, and signs in there.</summary>
    public static async Task SignInAsync(this ChatPage page, string person)
    {
        await page.Continue().ClickAsync();
        await page.Page.GetByLabel("Person").FillAsync(person);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "This is me" }).ClickAsync();
    }

    public static Task<string> AllKeptAsync(this ChatPage page) => page.Page.EvaluateAsync<string>(AllKept);
}
