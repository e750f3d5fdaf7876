package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlan says of small documents what each operation is for, a line each in
// the order of the document.
func TestPlan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, document, want string }{
		{
			"envelope", `
			Book = {id:uuid title:str created_at:date}
			GET /v1/books?limit:int&after:uuid -> 200 {data:[Book] has_more:bool}
			POST /v1/books {title:str} -> 201 Book
			GET /v1/books/{book_id} -> 200 Book
			PATCH /v1/books/{book_id} {title?:str} -> 200 Book
			PUT /v1/books/{book_id} {title:str} -> 200 Book
			DELETE /v1/books/{book_id} -> 204
			`, `
			list books
			create books
			read books
			update books
			replace books
			delete books`,
		}, {
			"arrays without an envelope, slashes at the end", `
			Book = {id:int title:str}
			GET /books/ -> 200 [Book]
			POST /books/ Book -> 200 Book
			GET /books/{id}/ -> 200 Book
			`, `
			list books
			create books
			read books`,
		}, {
			"one route whose parameter has two names", `
			Phone = {id:uuid number:str}
			GET /phone?limit:int -> 200 {data:[Phone]}
			GET /phone/{phone_id} -> 200 Phone
			DELETE /phone/{id} -> 204
			`, `
			list phone
			read phone
			delete phone`,
		}, {
			"a pet store", `
			Pet = {id:int name:str status:(available,sold)}
			Order = {id:int petId:int}
			User = {username:str email:str}
			PUT /pet Pet -> 200 Pet
			POST /pet Pet -> 200 Pet
			GET /pet/findByStatus?status:(available,sold) -> 200 [Pet]
			GET /pet/{petId} -> 200 Pet
			POST /pet/{petId}?name:str&status:str -> 200 Pet
			DELETE /pet/{petId} -> 200
			POST /pet/{petId}/uploadImage file -> 200 {code:int message:str}
			GET /store/inventory -> 200 obj
			POST /store/order Order -> 200 Order
			GET /store/order/{orderId} -> 200 Order
			DELETE /store/order/{orderId} -> 200
			POST /user/createWithList [User] -> 200 [User]
			GET /user/login?username:str -> 200 str
			GET /user/{username} -> 200 User
			PUT /user/{username} User -> 200
			DELETE /user/{username} -> 200
			`, `
			replace pet
			create pet
			list pet
			read pet
			update pet
			delete pet
			sampled
			sampled
			create store/order
			read store/order
			delete store/order
			create user
			sampled
			read user
			replace user
			delete user`,
		}, {
			"object: list, POST that updates, ids that are texts", `
			Customer = {id:str object:(customer) email:str~ created:int}
			Deleted = {id:str object:(customer) deleted:bool}
			Charge = {id:str object:(charge) customer:str amount:int captured:bool}
			GET /v1/customers?limit:int&starting_after:str&ending_before:str&email:str -> 200 {object:(list) data:[Customer] has_more:bool url:str}
			POST /v1/customers {email?:str} -> 200 Customer
			GET /v1/customers/{customer} -> 200 Customer
			POST /v1/customers/{customer} {email?:str} -> 200 Customer
			DELETE /v1/customers/{customer} -> 200 Deleted
			GET /v1/charges?limit:int&starting_after:str&customer:str -> 200 {object:(list) data:[Charge] has_more:bool url:str}
			POST /v1/charges {amount:int customer:str} -> 200 Charge
			GET /v1/charges/{charge} -> 200 Charge
			POST /v1/charges/{charge}/capture {amount?:int} -> 200 Charge
			`, `
			list customers
			create customers
			read customers
			update customers
			delete customers
			list charges
			create charges
			read charges
			act on charges`,
		}, {
			"JSON:API", `
			Article = {type:(articles) id:str attributes:{title:str body:str} relationships?:{author:{data:{type:str id:str}}}}
			GET /articles?page[number]:int&page[size]:int -> 200 {data:[Article] links:{self:uri next:uri~ prev:uri~} meta:{total:int}}
			POST /articles {data:{type:str attributes:{title:str}}} -> 201 {data:Article links:{self:uri}}
			GET /articles/{id} -> 200 {data:Article included?:[obj]}
			PATCH /articles/{id} {data:{type:str id:str attributes:{title?:str}}} -> 200 {data:Article}
			DELETE /articles/{id} -> 204
			`, `
			list articles
			create articles
			read articles
			update articles
			delete articles`,
		}, {
			"three deep, with parents that no operation shows", `
			Member = {id:uuid name:str}
			Team = {slug:str title:str}
			GET /api/v2/orgs/{org}/teams -> 200 [Team]
			GET /api/v2/orgs/{org}/teams/{slug} -> 200 Team
			GET /api/v2/orgs/{org}/teams/{slug}/members?page:int&per_page:int -> 200 [Member]
			POST /api/v2/orgs/{org}/teams/{slug}/members {name:str} -> 201 Member
			GET /api/v2/orgs/{org}/teams/{slug}/members/{member_id} -> 200 Member
			DELETE /api/v2/orgs/{org}/teams/{slug}/members/{member_id} -> 204
			GET /api/v2/orgs/{org}/teams/{slug}/members/{member_id}/badges -> 200 [{id:int label:str}]
			`, `
			list orgs/teams
			read orgs/teams
			list orgs/teams/members
			create orgs/teams/members
			read orgs/teams/members
			delete orgs/teams/members
			list orgs/teams/members/badges`,
		}, {
			"ids of two parts", `
			Repo = {owner:str name:str stars:int}
			GET /repos?limit:int -> 200 {items:[Repo] total:int}
			GET /repos/{owner}/{name} -> 200 Repo
			PUT /repos/{owner}/{name} {stars:int} -> 200 Repo
			DELETE /repos/{owner}/{name} -> 204
			GET /ranges/{from}-{to} -> 200 {from:int to:int sum:int}
			`, `
			list repos
			read repos
			replace repos
			delete repos
			read ranges`,
		}, {
			"list and read show different schemas", `
			Summary = {id:uuid title:str pages:int}
			Detail = {id:uuid title:str pages:[str] isbn:str}
			GET /books?limit:int -> 200 {results:[Summary]}
			GET /books/{id} -> 200 Detail
			POST /books/{id}/archive -> 200 Detail
			GET /books/overview -> 200 [{id:uuid title:str}]
			`, `
			list books
			read books
			act on books
			list books/overview`,
		}, {
			"a union", `
			Cat = {id:uuid kind:(cat) lives:int}
			Dog = {id:uuid kind:(dog) tricks:[str]}
			GET /animals?limit:int&kind:str -> 200 {data:[Cat|Dog] has_more:bool}
			GET /animals/{id} -> 200 Cat|Dog
			POST /animals/cat {lives:int} -> 201 Cat
			POST /animals/{id}/rename {name:str} -> 200 Dog
			`, `
			list animals
			read animals
			create animals
			act on animals`,
		}, {
			"items found without their parents", `
			Comment = {id:uuid post_id:uuid text:str}
			Run = {id:str status:str}
			RunDetail = {id:str status:str steps:[str]}
			GET /posts -> 200 [{id:uuid}]
			GET /posts/{post_id}/comments -> 200 [Comment]
			GET /comments/{id} -> 200 Comment
			DELETE /comments/{id} -> 204
			GET /flow/{flow_id}/runs -> 200 [Run]
			GET /flow/runs/{run_id} -> 200 RunDetail
			`, `
			list posts
			list posts/comments
			read posts/comments
			delete posts/comments
			list flow/runs
			read flow/runs`,
		}, {
			"members of a list", `
			Song = {id:uuid name:str is_favourite:bool}
			GET /song?limit:int -> 200 {data:[Song]}
			GET /song/{song_id} -> 200 Song
			GET /song/favourite?limit:int -> 200 {data:[Song]}
			POST /song/favourite/{song_id} -> 201 Song
			DELETE /song/favourite/{song_id} -> 204
			`, `
			list song
			read song
			list song/favourite
			join song/favourite
			leave song/favourite`,
		}, {
			"singletons", `
			GET /settings -> 200 {theme:str}
			PUT /settings {theme:str} -> 200 {theme:str}
			PATCH /billing/customer {email:str} -> 200 {id:str email:str}
			GET /me -> 200 {id:uuid name:str}
			GET /users -> 200 [{id:uuid}]
			GET /users/{user_id}/profile -> 200 {bio:str}
			PUT /users/{user_id}/profile {bio:str} -> 204
			GET /users/{user_id}/avatar -> 200 {url:uri}
			`, `
			singleton settings
			singleton settings
			singleton billing/customer
			sampled
			list users
			singleton users/profile
			singleton users/profile
			view of users`,
		}, {
			"many at once", `
			Call = {id:uuid status:str}
			Tool = {id:uuid approved:bool}
			GET /call?limit:int -> 200 {data:[Call]}
			POST /call/bulk-delete {call_ids:[uuid]} -> 200 {deleted:int}
			POST /recording/bulk {call_ids:[uuid]} -> 200 any
			PATCH /call/bulk {ids:[uuid] status:str} -> 200 {updated:int}
			GET /tool -> 200 [Tool]
			PATCH /tool/approval {tools:[{tool_id:uuid approved:bool}]} -> 204
			POST /call/import {calls:[{status:str}]} -> 200 {made:[Call] failed:[str]}
			`, `
			list call
			bulk delete call
			bulk read call
			bulk update call
			list tool
			bulk update tool
			create call`,
		}, {
			"copies", `
			Template = {id:uuid name:str}
			Agent = {agent_id:uuid name:str}
			GET /template?limit:int -> 200 {data:[Template]}
			GET /template/{template_id} -> 200 Template
			POST /template/{template_id}/use {name:str} -> 201 Agent
			POST /template/{template_id}/clone -> 200 {agent_id:uuid}
			GET /agent?limit:int -> 200 {data:[Agent]}
			GET /agent/{agent_id} -> 200 Agent
			POST /agent/{agent_id}/duplicate {name?:str} -> 201 Agent
			POST /agent/{agent_id}/publish -> 200 Agent
			`, `
			list template
			read template
			copy into agent
			copy into agent
			list agent
			read agent
			copy into agent
			act on agent`,
		}, {
			"actions, views and what is made anew", `
			Hook = {id:uuid url:str}
			Made = {id:uuid url:str secret:str}
			Room = {id:uuid name:str}
			Invitation = {id:uuid room_id:uuid email:str}
			GET /hook -> 200 [Hook]
			POST /hook {url:str} -> 201 Made
			GET /hook/{hook_id} -> 200 Hook
			POST /hook/{hook_id}/rotate -> 200 {secret:str}
			POST /hook/{hook_id}/ping -> 204
			GET /trace/hook/{hook_id} -> 200 {id:str spans:int}
			GET /room -> 200 [Room]
			GET /room/invitation/{invitation_id} -> 200 Invitation
			POST /room/invitation/{invitation_id}/join -> 200 Room
			PATCH /room/{room_id}/invitation/{invitation_id}/role {role:str} -> 204
			POST /room/invitation/send/{email} -> 200 Invitation
			GET /room/default -> 200 Room
			GET /job -> 200 [{id:uuid}]
			POST /job {} -> 200 {ok:bool}
			GET /job/{job_id} -> 200 {id:uuid}
			POST /job/{job_id}/poke -> 200 {ok:bool}
			`, `
			list hook
			create hook
			read hook
			act on hook
			act on hook
			view of hook
			list room
			read room/invitation
			act on room/invitation
			act on room/invitation
			create room/invitation
			view of room
			list job
			create job
			read job
			sampled`,
		}, {
			"wrappers named after the resource", `
			Addon = {id:str name:str}
			GET /addons -> 200 {addons:[Addon]}
			POST /addons {addon:{name:str}} -> 201 {addon:Addon}
			PUT /addons {addons:[{id:str name:str}]} -> 200 {addons:[Addon]}
			DELETE /addons -> 204
			GET /addons/{id} -> 200 {addon:Addon}
			POST /addons/{id}/enable -> 200 {addon:Addon}
			GET /addons/me -> 200 {addon:Addon}
			GET /addons/{id}/custom_fields -> 200 {fields:[{id:str}]}
			POST /addons/createWithList [Addon] -> default
			`, `
			list addons
			create addons
			bulk update addons
			bulk delete addons
			read addons
			act on addons
			view of addons
			list addons/custom_fields
			create addons`,
		}, {
			"the same last word elsewhere", `
			GET /users -> 200 [{id:str}]
			GET /users/{id} -> 200 {id:str}
			GET /rotas/{id}/users -> 200 {count:int}
			GET /teams/{id}/users/{user_id} -> 200 {id:str role:str}
			DELETE /teams/{id}/users/{user_id} -> 204
			GET /rules/users/{user_id} -> 200 {rule:str}
			PUT /rules/users/{user_id} {rule:str} -> 200 {rule:str}
			`, `
			list users
			read users
			sampled
			read teams/users
			delete teams/users
			singleton rules/users
			singleton rules/users`,
		}, {
			"a search by POST", `
			Book = {id:uuid title:str}
			GET /books?limit:int -> 200 {data:[Book]}
			POST /books/search {title:str} -> 200 {data:[Book]}
			`, `
			list books
			list books`,
		}, {
			"keys and values", `
			GET /config/{key} -> 200 {value:str}
			PUT /config/{key} {value:str} -> 200 {value:str}
			DELETE /config/{key} -> 204
			GET /weather/{city} -> 200 {degrees:num}
			`, `
			read config
			replace config
			delete config
			sampled`,
		}, {
			"nothing to go by", `
			GET /health -> 200 str
			GET /tags -> 200 [str]
			POST /login {user:str} -> 200 {token:str}
			POST /events any -> 202
			GET / -> 200 obj
			GET /{x} -> 200 [{id:int}]
			GET /order -> 200 {items:[{sku:str}] total:num buyer:str}
			`, `
			sampled
			sampled
			sampled
			sampled
			sampled
			list /{x}
			sampled`,
		}, {
			"two of one name", `
			GET /v1/pets -> 200 [{id:int}]
			GET /v2/pets -> 200 [{id:int tag:str}]
			GET /a/{x}/b -> 200 [{id:int}]
			GET /a/b -> 200 [{id:int name:str}]
			`, `
			list v1/pets
			list v2/pets
			list a/{x}/b
			list a/b`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range planOf(t, test.document).Lines {
				got = append(got, l.Text())
			}
			var want []string
			for line := range strings.Lines(strings.TrimSpace(test.want)) {
				want = append(want, strings.TrimSpace(line))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
